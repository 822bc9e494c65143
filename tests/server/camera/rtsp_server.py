"""A real RTSP server on loopback, for the system's Python: GStreamer's, with a JPEG file.

``python3 rtsp_server.py FILE`` prints its port. Debian's packages gir1.2-gst-rtsp-server-1.0,
python3-gi and gstreamer1.0-plugins-good have what it needs.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402  (versions come first)

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f'( filesrc location="{sys.argv[1]}" ! jpegdec ! imagefreeze is-live=true'
    " ! videoconvert ! video/x-raw,format=I420,framerate=10/1"
    " ! jpegenc quality=90 ! rtpjpegpay name=pay0 pt=26 )"
)
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)  # noqa: T201
GLib.MainLoop().run()

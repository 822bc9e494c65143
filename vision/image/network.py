"""Running trained networks: the only module that imports onnxruntime.

`vision` says what has to be set before that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidGraph,
    InvalidProtobuf,
)

from vision.image.arrays import Floats

THREADS = 2
"""Threads in one session: 116-129 ms a card with two that sleep, 200 ms with one."""

SILENT = 4
"""onnxruntime's severity "fatal": warnings about our machine help nobody."""

Memory = Literal["kept", "returned"]
"""Of a run, for the next one: it serves inputs of one size; else it is 45 MB in
vain."""


class Network(Protocol):
    """A network of one input and one output. Threads may share it."""

    def run(self, tensor: npt.NDArray[Any]) -> Floats:
        """Return the output for an input, both of the shapes that the network has."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class OnnxNetwork:
    """A network from a file in ONNX's format; see `load_network`."""

    session: InferenceSession

    @property
    def metadata(self) -> Mapping[str, str]:
        """What its makers wrote into the file, by name."""
        written: dict[str, str] = self.session.get_modelmeta().custom_metadata_map
        return written

    def run(self, tensor: npt.NDArray[Any]) -> Floats:
        """Return the output for an input; see `Network`."""
        (output,) = self.session.run(None, {self.session.get_inputs()[0].name: tensor})
        return np.asarray(output, np.float32)


def load_network(path: Path, memory: Memory) -> OnnxNetwork:
    """Load a network for the CPU; takes up to a second.

    ValueError if the file is none that onnxruntime can run.
    """
    options = SessionOptions()
    options.log_severity_level = SILENT
    options.enable_cpu_mem_arena = memory == "kept"
    options.intra_op_num_threads = THREADS
    # Spinning threads keep the cores from everybody else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return OnnxNetwork(
            InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        )
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise ValueError(f"expected an ONNX model, got {path.name}: {error}") from error

"""PP-OCR's networks as values: what is made of their outputs, by scripted ones."""

from dataclasses import dataclass

import numpy as np

from vision.recognition.rapid_models import TextModels


@dataclass(frozen=True)
class ScriptedNetwork:
    output: np.ndarray

    def run(self, _tensor):
        return self.output


def models_that_say(probability, posterior):
    return TextModels.of(
        ScriptedNetwork(np.float32(probability)),
        ScriptedNetwork(np.float32(posterior)),
        ["H", "i"],
    )


def test_a_line_lies_where_its_pixels_are_text():
    probability = np.zeros((1, 1, 64, 128))
    probability[..., 20:40, 30:100] = 0.9

    models = models_that_say(probability, np.zeros((1, 1, 4)))
    (corners,) = models.find_lines(np.zeros((64, 128, 3), np.uint8))

    left, top = corners[0]
    right, bottom = corners[2]
    assert 0 <= left <= 30
    assert 99 <= right <= 128
    assert 0 <= top <= 20
    assert 39 <= bottom <= 64


def test_a_strip_says_its_likeliest_letters_without_what_is_padding():
    # Blank, H, i, space at each of eight steps; a strip of half the least width.
    letters = np.full((1, 8, 4), 0.1)
    letters[0, range(8), [1, 0, 2, 0, 0, 0, 0, 0]] = 0.7

    models = models_that_say(np.zeros((1, 1, 4, 4)), letters)
    (said,) = models.read_strips([np.zeros((48, 160, 3), np.uint8)])

    assert (said.text, said.confidence) == ("Hi", np.float64(0.7).round(5))
    assert said.posterior.shape == (5, 4)
    assert models.characters == ("blank", "H", "i", " ")

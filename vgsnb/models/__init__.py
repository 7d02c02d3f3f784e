"""Keyword models: the encoders, pooling layers and classifiers of the papers, composed by ``build``."""

from vgsnb.models.architectures import ARCHITECTURES, KeywordModel, build, load_model, save_model

__all__ = ["ARCHITECTURES", "KeywordModel", "build", "load_model", "save_model"]

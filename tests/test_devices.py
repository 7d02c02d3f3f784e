import ctypes
import resource

import pytest
import torch

from vgsnb import devices
from vgsnb.errors import UserError


def test_the_device_is_found_and_a_missing_one_is_refused():
    assert devices.find_device().type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert devices.find_device("cpu") == torch.device("cpu")
    with pytest.raises(UserError, match=r"tpu.*cpu, cuda, mps"):
        devices.find_device("tpu")
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match="no device 'cuda:1'"):
            devices.find_device("cuda:1")


def test_freed_memory_is_kept_where_the_c_library_can(monkeypatch):
    """Arrays larger than what glibc keeps of itself (32 MB) come back where they were, without new pages."""
    if not devices.keep_freed_memory():
        pytest.skip("another C library than glibc")
    before = page_faults()
    for _ in range(20):
        torch.ones(12_000_000)
    assert page_faults() - before < 3 * 12_000_000 * 4 / resource.getpagesize()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert not devices.keep_freed_memory.__wrapped__()


def page_faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


@pytest.mark.parametrize(("answer", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_processors_take_bfloat16_only_where_tile_units_make_it_faster(monkeypatch, answer, precision):
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: answer, raising=False)
    assert devices.find_precision(torch.device("cpu")) == precision
    assert devices.find_precision(torch.device("cpu"), "fastest") == precision
    assert devices.find_precision(torch.device("cpu"), "float32") == "float32"


def test_a_version_of_torch_that_cannot_be_asked_takes_float32(monkeypatch):
    monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    assert devices.find_precision(torch.device("cpu")) == "float32"


def test_autocast_runs_products_in_the_precision_and_refuses_others():
    a = torch.ones(2, 2)
    with devices.autocast(torch.device("cpu"), "bfloat16"):
        assert (a @ a).dtype == torch.bfloat16
    with devices.autocast(torch.device("cpu"), "float32"):
        assert (a @ a).dtype == torch.float32
    with pytest.raises(UserError, match="float32, bfloat16"):
        devices.autocast(torch.device("cpu"), "float8")


def test_there_is_at_least_one_processor():
    assert devices.processors() >= 1

"""Stands in for Django in the test of the README: just enough to load a signal handler and commit once."""
import runpy
import sys
import types
from importlib.machinery import ModuleSpec


def module(name, **members):
    found = types.ModuleType(name)
    found.__dict__.update(members)
    found.__path__ = []
    found.__spec__ = ModuleSpec(name, None, is_package=True)
    sys.modules[name] = found
    return found


committed, handlers = [], []


def on_commit(call, using=None, robust=False):
    committed.append(call)


def receiver(signals, sender):
    assert isinstance(signals, (list, tuple)) and sender is Order
    return lambda handler: handlers.append(handler) or handler


class Order:
    shop_id = 7


module("django")
module("django.db", transaction=types.SimpleNamespace(on_commit=on_commit))
module("django.db.models")
module("django.db.models.signals", post_save="post_save", post_delete="post_delete")
module("django.dispatch", receiver=receiver)
module("shop")
module("shop.models", Order=Order)

runpy.run_path(sys.argv[1])
handlers[0](Order, Order(), created=True)
print(f"{len(committed)} waiting for the commit", flush=True)
input()
committed[0]()

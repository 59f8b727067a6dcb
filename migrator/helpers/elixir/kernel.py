"""What is called by a name alone: of `Kernel` and the special forms, and of ExUnit."""

from __future__ import annotations

#: What every module can call, but for operators, sigils and `__MODULE__` and its like.
KERNEL = frozenset(
    {
        "abs", "alias", "alias!", "and", "apply", "binary_part", "binary_slice", "binding",
        "bit_size", "byte_size", "case", "ceil", "cond", "dbg", "def", "defdelegate",
        "defexception", "defguard", "defguardp", "defimpl", "defmacro", "defmacrop", "defmodule",
        "defoverridable", "defp", "defprotocol", "defstruct", "destructure", "div", "elem", "exit",
        "floor", "fn", "for", "function_exported?", "get_and_update_in", "get_in", "hd", "if",
        "import", "in", "inspect", "is_atom", "is_binary", "is_bitstring", "is_boolean",
        "is_exception", "is_float", "is_function", "is_integer", "is_list", "is_map", "is_map_key",
        "is_nil", "is_non_struct_map", "is_number", "is_pid", "is_port", "is_reference",
        "is_struct", "is_tuple", "length", "macro_exported?", "make_ref", "map_size", "match?",
        "max", "min", "node", "not", "or", "pop_in", "put_elem", "put_in", "quote", "raise",
        "receive", "rem", "require", "reraise", "round", "self", "send", "spawn", "spawn_link",
        "spawn_monitor", "struct", "struct!", "super", "tap", "then", "throw", "tl", "to_char_list",
        "to_charlist", "to_string", "to_timeout", "trunc", "try", "tuple_size", "unless", "unquote",
        "unquote_splicing", "update_in", "use", "var!", "with",
    }
)  # fmt: skip

#: What a module of tests can call, as it is imported by `use ExUnit.Case`, or by name.
EX_UNIT = frozenset(
    {
        "assert", "assert_in_delta", "assert_raise", "assert_receive", "assert_received",
        "capture_io", "capture_log", "catch_error", "catch_exit", "catch_throw", "describe",
        "doctest", "flunk", "on_exit", "refute", "refute_in_delta", "refute_receive",
        "refute_received", "setup", "setup_all", "start_link_supervised!", "start_supervised",
        "start_supervised!", "stop_supervised", "stop_supervised!", "test", "with_io", "with_log",
    }
)  # fmt: skip

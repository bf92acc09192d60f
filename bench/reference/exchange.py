"""What the programs of Python's own queues share: the commands of reference.h, between a process and its child.

A program calls serve(make), where make() returns two ends: an object with send(bytes) and receive() for each process.
"""
import multiprocessing
import os
import random
import sys
import time

STRIDE, VARIANTS = 64, 64
LATENCY_BYTES, STREAM_BYTES = 1 << 20, 1 << 22


def clamp(value, least, most):
    return max(least, min(most, value))


def messages(seed, size):
    """Messages are cut from noise of a seed that both processes know; neighbours differ."""
    noise = random.Random(seed).randbytes(size + STRIDE * VARIANTS)
    return [noise[i * STRIDE:i * STRIDE + size] for i in range(VARIANTS if size <= 65536 else 4)]


def wrong(received, expected):
    return sum(message != expected[i % len(expected)] for i, message in enumerate(received))


def pin(cpu):
    os.sched_setaffinity(0, {cpu} if cpu >= 0 else ALLOWED)


def latency(end, control, expected, size, chunks):
    count = clamp(LATENCY_BYTES // size, 4, 256)
    times = []
    for _ in range(chunks):
        received, ticks = [], []
        for i in range(count):
            start = time.perf_counter_ns()
            end.send(expected[i % len(expected)])
            received.append(end.receive())
            ticks.append(time.perf_counter_ns() - start)
        times += ticks[1:]  # The first finds the other side cold.
        expect_none(wrong(received, expected))
    times.sort()
    print(times[len(times) // 2], times[len(times) * 99 // 100], flush=True)


def echo(end, control, expected, size, chunks):
    for _ in range(clamp(LATENCY_BYTES // size, 4, 256) * chunks):
        end.send(end.receive())


def stream(end, control, expected, size, chunks):
    count = stream_count(size)
    taken = 0
    for _ in range(chunks):
        control.recv()
        start = time.monotonic_ns()
        for i in range(count):
            end.send(expected[i % len(expected)])
        bad, last = control.recv()
        expect_none(bad)
        taken += last - start
    print(taken, count * chunks, flush=True)


def sink(end, control, expected, size, chunks):
    count = stream_count(size)
    for _ in range(chunks):
        control.send(None)
        received = [end.receive() for _ in range(count)]
        last = time.monotonic_ns()
        control.send((wrong(received, expected), last))


def stream_count(size):
    return clamp(STREAM_BYTES // size, 4, 1024)


def expect_none(bad):
    if bad:
        print("corrupt", bad, "messages", flush=True)
        os._exit(1)


def child(end, control):
    try:
        while True:
            kind, seed, size, chunks, cpu = control.recv()
            pin(cpu)
            (echo if kind == "latency" else sink)(end, control, messages(seed, size), size, chunks)
    except EOFError:
        os._exit(0)


def serve(make):
    context = multiprocessing.get_context("fork")
    ours, theirs = make(context)
    control, far = context.Pipe()
    process = context.Process(target=start_child, args=(theirs, far, control), daemon=True)
    process.start()
    far.close()
    for line in sys.stdin:
        words = line.split()
        if words == ["hello"]:
            print(0, flush=True)
            continue
        kind, size, chunks, cpu_a, cpu_b = words[0], *map(int, words[1:])
        seed = random.getrandbits(32)
        control.send((kind, seed, size, chunks, cpu_b))
        pin(cpu_a)
        (latency if kind == "latency" else stream)(ours, control, messages(seed, size), size, chunks)
    process.kill()


def start_child(end, control, other):
    other.close()
    child(end, control)


ALLOWED = os.sched_getaffinity(0)

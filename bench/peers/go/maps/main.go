// SPDX-License-Identifier: Apache-2.0

// One round of the map measures with cilium/ebpf: prints {"row": nanoseconds per operation}.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

const (
	entries = 100000
	values  = 1024
)

type counters struct {
	Packets uint64
	Bytes   uint64
}

func cpuNs() float64 {
	var t unix.Timespec
	check(unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t))
	return float64(t.Nano())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Made beforehand: what is timed is the map.
func makeKeys(keyAt func(uint32) uint32) []uint32 {
	keys := make([]uint32, entries)
	for i := range keys {
		keys[i] = keyAt(uint32(i))
	}
	return keys
}

var pool = makePool()

func makePool() (pool [values]counters) {
	for i := range pool {
		pool[i] = counters{Packets: uint64(i), Bytes: 1}
	}
	return
}

func sumOfPackets() (sum uint64) {
	for i := uint64(0); i < entries; i++ {
		sum += i % values
	}
	return
}

func newMap(kind ebpf.MapType) *ebpf.Map {
	m, err := ebpf.NewMap(&ebpf.MapSpec{Type: kind, KeySize: 4, ValueSize: 16, MaxEntries: entries})
	check(err)
	return m
}

func set(m *ebpf.Map, keys []uint32) float64 {
	start := cpuNs()
	for i := range keys {
		check(m.Update(&keys[i], &pool[i%values], ebpf.UpdateAny))
	}
	return (cpuNs() - start) / entries
}

func get(m *ebpf.Map, keys []uint32) float64 {
	var value counters
	start := cpuNs()
	for i := range keys {
		check(m.Lookup(&keys[i], &value))
	}
	return (cpuNs() - start) / entries
}

func iterate(m *ebpf.Map) float64 {
	var key uint32
	var value counters
	var sum uint64
	start := cpuNs()
	for i := m.Iterate(); i.Next(&key, &value); {
		sum += value.Packets
	}
	if sum != sumOfPackets() {
		os.Exit(2)
	}
	return (cpuNs() - start) / entries
}

func main() {
	scattered := makeKeys(func(i uint32) uint32 { return uint32(uint64(i)*61843%entries) * 2654435761 })
	indices := makeKeys(func(i uint32) uint32 { return i })
	hash, array := newMap(ebpf.Hash), newMap(ebpf.Array)
	rows := map[string]float64{}
	set(hash, scattered) // the first pass inserts, the second replaces
	rows["hash set"] = set(hash, scattered)
	rows["hash get"] = get(hash, scattered)
	set(array, indices)
	rows["array set"] = set(array, indices)
	rows["array get"] = get(array, indices)
	rows["hash iterate"] = iterate(hash)
	check(json.NewEncoder(os.Stdout).Encode(rows))
}

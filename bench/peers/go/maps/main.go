// SPDX-License-Identifier: Apache-2.0

// The map measures with cilium/ebpf, in nanoseconds an entry.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

const (
	entries = 100000
	million = 1000000
	batch   = 4096
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
func scatter(length uint64) []uint32 {
	keys := make([]uint32, length)
	for i := range keys {
		keys[i] = uint32(uint64(i)*61843%length) * 2654435761
	}
	return keys
}

func count() []uint32 {
	keys := make([]uint32, entries)
	for i := range keys {
		keys[i] = uint32(i)
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

func newMap(kind ebpf.MapType, size uint32) *ebpf.Map {
	m, err := ebpf.NewMap(&ebpf.MapSpec{Type: kind, KeySize: 4, ValueSize: 16, MaxEntries: size})
	check(err)
	return m
}

func verify(sum uint64) {
	if sum != sumOfPackets() {
		os.Exit(2)
	}
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
	var sum uint64
	start := cpuNs()
	for i := range keys {
		check(m.Lookup(&keys[i], &value))
		sum += value.Packets
	}
	verify(sum)
	return (cpuNs() - start) / entries
}

func remove(m *ebpf.Map, keys []uint32) float64 {
	set(m, keys)
	start := cpuNs()
	for i := range keys {
		check(m.Delete(&keys[i]))
	}
	took := (cpuNs() - start) / entries
	set(m, keys)
	return took
}

func getOfAllCpus(m *ebpf.Map) float64 {
	var ofCpus []counters
	var sum uint64
	start := cpuNs()
	for i := uint32(0); i < entries; i++ {
		check(m.Lookup(&i, &ofCpus))
		for _, value := range ofCpus {
			sum += value.Packets
		}
	}
	verify(sum)
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
	verify(sum)
	return (cpuNs() - start) / entries
}

var (
	batchKeys   = make([]uint32, batch)
	batchValues = make([]counters, batch)
)

func readBatches(m *ebpf.Map) float64 {
	var cursor ebpf.MapBatchCursor
	var sum uint64
	start := cpuNs()
	for last := false; !last; {
		count, err := m.BatchLookup(&cursor, batchKeys, batchValues, nil)
		last = errors.Is(err, ebpf.ErrKeyNotExist)
		if !last {
			check(err)
		}
		for i := 0; i < count; i++ {
			sum += batchValues[i].Packets
		}
	}
	verify(sum)
	return (cpuNs() - start) / entries
}

func fill(m *ebpf.Map, keys []uint32) float64 {
	start := cpuNs()
	for done := 0; done < len(keys); done += batch {
		part := keys[done:min(done+batch, len(keys))]
		for i := range part {
			batchValues[i] = pool[(done+i)%values]
		}
		_, err := m.BatchUpdate(part, batchValues[:len(part)], nil)
		check(err)
	}
	return (cpuNs() - start) / float64(len(keys))
}

func empty(m *ebpf.Map, keys []uint32) float64 {
	start := cpuNs()
	for done := 0; done < len(keys); done += batch {
		_, err := m.BatchDelete(keys[done:min(done+batch, len(keys))], nil)
		check(err)
	}
	return (cpuNs() - start) / float64(len(keys))
}

func main() {
	scattered, indices, millionKeys := scatter(entries), count(), scatter(million)
	hash, array := newMap(ebpf.Hash, entries), newMap(ebpf.Array, entries)
	perCpu, large := newMap(ebpf.PerCPUArray, entries), newMap(ebpf.Hash, million)
	ofCpus := make([]counters, ebpf.MustPossibleCPU())
	for i := uint32(0); i < entries; i++ {
		ofCpus[0] = pool[i%values]
		check(perCpu.Update(&i, ofCpus, ebpf.UpdateAny))
	}
	set(hash, scattered)
	set(array, indices)
	rows := map[string]func() float64{
		"hash get":                   func() float64 { return get(hash, scattered) },
		"hash set":                   func() float64 { return set(hash, scattered) },
		"hash delete":                func() float64 { return remove(hash, scattered) },
		"array get":                  func() float64 { return get(array, indices) },
		"array set":                  func() float64 { return set(array, indices) },
		"per-CPU array get":          func() float64 { return getOfAllCpus(perCpu) },
		"per-CPU array get, summed":  func() float64 { return getOfAllCpus(perCpu) },
		"hash iterate":               func() float64 { return iterate(hash) },
		"hash read into own buffers": func() float64 { return readBatches(hash) },
		"hash set, in batches":       func() float64 { return fill(hash, scattered) },
		"hash delete, in batches": func() float64 {
			took := empty(hash, scattered)
			fill(hash, scattered)
			return took
		},
		"hash of a million, filled": func() float64 {
			took := fill(large, millionKeys)
			empty(large, millionKeys)
			return took
		},
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if measure, known := rows[lines.Text()]; known {
			fmt.Printf("%.2f\n", measure())
		} else {
			fmt.Println()
		}
	}
}

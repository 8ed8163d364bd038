// SPDX-License-Identifier: Apache-2.0

// One round of opening, loading and closing an object file with cilium/ebpf: prints {"row": microseconds}.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// As many as the others: what a machine does first says little.
const (
	warmUp = 3000
	rounds = 300
)

func cpuUs() float64 {
	var t unix.Timespec
	check(unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t))
	return float64(t.Nano()) / 1000
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	var first float64
	var loads, cycles []float64
	for i := 0; i <= warmUp+rounds; i++ {
		start := cpuUs()
		spec, err := ebpf.LoadCollectionSpec(os.Args[1])
		check(err)
		collection, err := ebpf.NewCollection(spec)
		check(err)
		load := cpuUs() - start
		collection.Close()
		if i == 0 {
			first = load
		} else if i > warmUp {
			loads = append(loads, load)
			cycles = append(cycles, cpuUs()-start)
		}
	}
	sort.Float64s(loads)
	sort.Float64s(cycles)
	check(json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"open + load, first":          first,
		"open + load, steady":         loads[rounds/2],
		"open + load + close, steady": cycles[rounds/2],
	}))
}

// SPDX-License-Identifier: Apache-2.0

// Opens, loads and closes an object file with cilium/ebpf, in microseconds.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// As many as the others: what a machine does first says little.
const (
	warmUp = 8000
	batch  = 100
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

func once() (load, cycle float64) {
	start := cpuUs()
	spec, err := ebpf.LoadCollectionSpec(os.Args[1])
	check(err)
	collection, err := ebpf.NewCollection(spec)
	check(err)
	load = cpuUs() - start
	collection.Close()
	return load, cpuUs() - start
}

var warm bool

func steady() (load, cycle float64) {
	for i := 0; i < warmUp && !warm; i++ {
		once()
	}
	warm = true
	var loads, cycles []float64
	for i := 0; i < batch; i++ {
		load, cycle := once()
		loads = append(loads, load)
		cycles = append(cycles, cycle)
	}
	sort.Float64s(loads)
	sort.Float64s(cycles)
	return loads[batch/2], cycles[batch/2]
}

func main() {
	first, _ := once()
	rows := map[string]func() float64{
		"open + load, first":          func() float64 { return first },
		"open + load, steady":         func() float64 { load, _ := steady(); return load },
		"open + load + close, steady": func() float64 { _, cycle := steady(); return cycle },
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if measure, known := rows[lines.Text()]; known {
			fmt.Printf("%.2f\n", measure())
		} else {
			fmt.Println()
		}
	}
}

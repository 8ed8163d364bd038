// SPDX-License-Identifier: Apache-2.0

// Opens, loads and closes an object file with cilium/ebpf, in microseconds.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// Batches; as many as the others: what a machine does first says little.
const (
	warmUp    = 400
	batchSize = 20
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

// Microseconds an object.
func batch(length int) (load, cycle float64) {
	collections := make([]*ebpf.Collection, length)
	start := cpuUs()
	for i := range collections {
		spec, err := ebpf.LoadCollectionSpec(os.Args[1])
		check(err)
		collections[i], err = ebpf.NewCollection(spec)
		check(err)
	}
	loaded := cpuUs()
	for _, collection := range collections {
		collection.Close()
	}
	return (loaded - start) / float64(length), (cpuUs() - start) / float64(length)
}

var warm bool

func steady() (load, cycle float64) {
	for i := 0; i < warmUp && !warm; i++ {
		batch(batchSize)
	}
	warm = true
	return batch(batchSize)
}

func main() {
	first, _ := batch(1)
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

// SPDX-License-Identifier: Apache-2.0

// One round of the ring buffer measures with cilium/ebpf: prints {"row": nanoseconds a record}.
// Arguments: the object file, the program `produce`.
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
	"golang.org/x/sys/unix"
)

const (
	warmUp  = 20
	drains  = 100
	xdpDrop = 1
)

var sum uint64

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpuNs() float64 {
	var t unix.Timespec
	check(unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t))
	return float64(t.Nano())
}

func fill(program *ebpf.Program) {
	for {
		verdict, _, err := program.Test(make([]byte, 64))
		check(err)
		if verdict == xdpDrop {
			return
		}
	}
}

func narrow(record []byte) {
	sum += uint64(binary.LittleEndian.Uint32(record[8:]) + binary.LittleEndian.Uint32(record[12:]))
}

func wide(record []byte) {
	sum += binary.LittleEndian.Uint64(record) + uint64(binary.LittleEndian.Uint32(record[12:]))
}

// Reads until there are no more.
func drain(reader *ringbuf.Reader, record *ringbuf.Record, read func([]byte)) int {
	records := 0
	reader.SetDeadline(time.Now())
	for {
		err := reader.ReadInto(record)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return records
		}
		check(err)
		read(record.RawSample)
		records++
	}
}

func drained(program *ebpf.Program, reader *ringbuf.Reader, read func([]byte)) float64 {
	var record ringbuf.Record
	spent, records := 0.0, 0
	for i := 0; i < warmUp+drains; i++ {
		fill(program)
		start := cpuNs()
		count := drain(reader, &record, read)
		if i >= warmUp {
			spent += cpuNs() - start
			records += count
		}
	}
	return spent / float64(records)
}

func readFor(reader *ringbuf.Reader, duration time.Duration) int {
	var record ringbuf.Record
	records := 0
	end := time.Now().Add(duration)
	reader.SetDeadline(end)
	for {
		err := reader.ReadInto(&record)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return records
		}
		check(err)
		narrow(record.RawSample)
		records++
		if records%1024 == 0 && time.Now().After(end) {
			return records
		}
	}
}

func live(program *ebpf.Program, reader *ringbuf.Reader) (each, cpu float64) {
	info, err := program.Info()
	check(err)
	id, _ := info.ID()
	producer := exec.Command(os.Args[2], strconv.Itoa(int(id)))
	input, err := producer.StdinPipe()
	check(err)
	check(producer.Start())
	readFor(reader, 500*time.Millisecond)
	start, startCpu := time.Now(), cpuNs()
	records := float64(readFor(reader, time.Second))
	each, cpu = float64(time.Since(start).Nanoseconds())/records, (cpuNs()-startCpu)/records
	check(input.Close())
	check(producer.Wait())
	return each, cpu
}

func main() {
	collection, err := ebpf.LoadCollection(os.Args[1])
	check(err)
	reader, err := ringbuf.NewReader(collection.Maps["records"])
	check(err)
	rows := map[string]float64{
		"drained, two fields read":      drained(collection.Programs["fill"], reader, narrow),
		"drained, a u64 and a u32 read": drained(collection.Programs["fill"], reader, wide),
	}
	rows["live producer, a record"], rows["live producer, the reader's CPU"] = live(collection.Programs["produce"], reader)
	if sum == 0 {
		os.Exit(2)
	}
	check(json.NewEncoder(os.Stdout).Encode(rows))
}

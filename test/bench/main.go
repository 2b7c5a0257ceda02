package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// program is one that takes N and writes manifests.
type program struct {
	name string
	argv []string
	dir  string
}

// sample is one run of it.
type sample struct {
	cpu, wall    time.Duration
	bytes, lines int
}

func main() {
	cdk8s := flag.String("cdk8s", "", "`folder` into which npm installed cdk8s and constructs")
	runs := flag.Int("runs", 11, "how often each program runs")
	flag.Parse()
	if err := bench(*cdk8s, *runs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func bench(cdk8s string, runs int) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var programs []program
	for _, p := range []struct{ name, pkg string }{
		{"tekwright, checked", "./ours"},
		{"upstream structs and sigs.k8s.io/yaml, unchecked", "./raw"},
	} {
		bin := filepath.Join(dir, filepath.Base(p.pkg))
		if out, err := exec.Command("go", "build", "-o", bin, p.pkg).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", p.pkg, err, out)
		}
		programs = append(programs, program{name: p.name, argv: []string{bin}})
	}
	if cdk8s != "" {
		js, err := os.ReadFile("cdk8s.js")
		if err != nil {
			return err
		}
		target := filepath.Join(cdk8s, "bench.js")
		if err := os.WriteFile(target, js, 0o600); err != nil {
			return err
		}
		programs = append(programs, program{name: "cdk8s, unchecked", argv: []string{"node", target}, dir: cdk8s})
	}
	fmt.Println("| program | N | CPU ms | of raw | wall ms | bytes | lines |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, n := range []int{5, 500} {
		samples := make([][]sample, len(programs))
		for range runs {
			for i, p := range programs {
				s, err := p.run(n)
				if err != nil {
					return fmt.Errorf("%s: %w", p.name, err)
				}
				samples[i] = append(samples[i], s)
			}
		}
		raw := median(samples[1])
		for i, p := range programs {
			m := median(samples[i])
			fmt.Printf("| %s | %d | %.1f | %.2f | %.1f | %d | %d |\n", p.name, n, ms(m.cpu), float64(m.cpu)/float64(raw.cpu), ms(m.wall), m.bytes, m.lines)
		}
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// run takes the time of one process.
func (p program) run(n int) (sample, error) {
	cmd := exec.Command(p.argv[0], append(slices.Clone(p.argv[1:]), strconv.Itoa(n))...)
	cmd.Dir = p.dir
	cmd.Stderr = os.Stderr
	var out bytes.Buffer
	cmd.Stdout = &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return sample{}, err
	}
	return sample{
		cpu:  cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		wall: time.Since(start), bytes: out.Len(), lines: bytes.Count(out.Bytes(), []byte("\n")),
	}, nil
}

// median is the sample whose CPU time is in the middle.
func median(s []sample) sample {
	s = slices.Clone(s)
	slices.SortFunc(s, func(a, b sample) int { return int(a.cpu - b.cpu) })
	return s[len(s)/2]
}

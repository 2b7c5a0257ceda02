package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// defect is YAML with one thing wrong, and the same without.
type defect struct {
	name      string
	bad, good string
	lines     []int // the lines at fault in bad, from 1
}

// tool looks at YAML and returns what it has to say, a line each.
type tool struct {
	name string
	look func(yaml string) ([]string, error)
}

const marker = "# good:"

// defects reads the files of a folder.
func defects(dir string) ([]defect, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var all []defect
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		d := parse(strings.TrimSuffix(filepath.Base(file), ".yaml"), string(b))
		if len(d.lines) == 0 {
			return nil, fmt.Errorf("%s has no comment %q", file, marker)
		}
		all = append(all, d)
	}
	return all, nil
}

func parse(name, text string) defect {
	d := defect{name: name}
	n := 0
	for line := range strings.Lines(text) {
		n++
		bad, mended, ok := strings.Cut(line, marker)
		if !ok {
			d.bad, d.good = d.bad+line, d.good+line
			continue
		}
		d.lines = append(d.lines, n)
		d.bad += strings.TrimRight(bad, " ") + "\n"
		if mended = strings.TrimSpace(mended); mended != "" {
			indent := bad[:len(bad)-len(strings.TrimLeft(bad, " "))]
			d.good += indent + mended + "\n"
		}
	}
	return d
}

// news are what the tool says about the defect alone.
func (d defect) news(t tool) ([]string, error) {
	bad, err := t.look(d.bad)
	if err != nil {
		return nil, fmt.Errorf("%s on %s: %w", t.name, d.name, err)
	}
	good, err := t.look(d.good)
	if err != nil {
		return nil, fmt.Errorf("%s on %s, mended: %w", t.name, d.name, err)
	}
	return slices.DeleteFunc(bad, func(s string) bool { return slices.Contains(good, s) }), nil
}

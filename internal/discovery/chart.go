package discovery

import (
	"os"
	"path/filepath"
	"strings"
)

// charts caches which directories contain a Helm chart.
type charts map[string]bool

// in reports whether a directory contains a chart.
func (c charts) in(dir string) bool {
	is, known := c[dir]
	if !known {
		_, err := os.Stat(filepath.Join(dir, "Chart.yaml"))
		is = err == nil
		c[dir] = is
	}
	return is
}

// readable reports whether a file in a directory is read: YAML or JSON, but not the
// Chart.yaml or values of a Helm chart.
func (c charts) readable(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	ext := filepath.Ext(name)
	if strings.HasPrefix(name, ".") || ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return false
	}
	if base := strings.TrimSuffix(name, ext); base == "chart" || strings.HasPrefix(base, "values") {
		return !c.in(filepath.Dir(path))
	}
	return true
}

// template reports whether a file is below the templates directory of a chart.
func (c charts) template(path string) bool {
	for dir := filepath.Dir(path); ; {
		above := filepath.Dir(dir)
		if filepath.Base(dir) == "templates" && c.in(above) {
			return true
		}
		if above == dir {
			return false
		}
		dir = above
	}
}

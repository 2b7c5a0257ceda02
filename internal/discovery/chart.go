package discovery

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// expectation matches the files in which tests with kuttl describe parts of objects that
// they expect in the cluster, such as 01-assert.yaml.
var expectation = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9]+-(?:assert|errors?)(?:[-.].*)?$`)
})

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
// Chart.yaml or values of a Helm chart, and not what a test expects.
func (c charts) readable(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	ext := filepath.Ext(name)
	if strings.HasPrefix(name, ".") || ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return false
	}
	if expectation().MatchString(name) {
		return false
	}
	if base := strings.TrimSuffix(name, ext); base == "chart" || strings.HasPrefix(base, "values") {
		return !c.in(filepath.Dir(path))
	}
	return true
}

// template returns the directory of the chart of a file below its templates; "" for other
// files.
func (c charts) template(path string) string {
	for dir := filepath.Dir(path); ; {
		above := filepath.Dir(dir)
		if filepath.Base(dir) == "templates" && c.in(above) {
			return filepath.ToSlash(above)
		}
		if above == dir {
			return ""
		}
		dir = above
	}
}

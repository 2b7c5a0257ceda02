package harness

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Differences are what a cluster has made of an object that was sent: fields
// that are gone or that mean something else, and fields that have come.
type Differences struct {
	Lost  []string          // path: what it was and what it is
	Added map[string]string // the value as JSON, by path; indices are written []
	Spelt map[string]string // what says the same otherwise: "1h" and "1h0m0s"
}

// Compare tells how the object that the cluster has differs from what was sent.
// Its status and the metadata that belongs to the server do not count.
func Compare(sent, has map[string]any) Differences {
	d := Differences{Added: map[string]string{}, Spelt: map[string]string{}}
	d.maps("", sent, has)
	return d
}

// servers is the metadata that an API server sets on every object.
var servers = map[string]bool{
	".metadata.uid": true, ".metadata.resourceVersion": true, ".metadata.generation": true,
	".metadata.creationTimestamp": true, ".metadata.managedFields": true, ".metadata.selfLink": true,
	".status": true,
}

func (d *Differences) maps(path string, sent, has map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		at := path + "." + key
		if now, ok := has[key]; ok {
			d.values(at, sent[key], now)
		} else {
			d.Lost = append(d.Lost, fmt.Sprintf("%s: %s is gone", at, text(sent[key])))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(has)) {
		if _, ok := sent[key]; !ok && !servers[path+"."+key] {
			d.Added[index.ReplaceAllString(path+"."+key, "[]")] = text(has[key])
		}
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

func (d *Differences) values(path string, sent, has any) {
	switch s := sent.(type) {
	case map[string]any:
		if h, ok := has.(map[string]any); ok {
			d.maps(path, s, h)
			return
		}
	case []any:
		if h, ok := has.([]any); ok && len(h) == len(s) {
			for i := range s {
				d.values(fmt.Sprintf("%s[%d]", path, i), s[i], h[i])
			}
			return
		}
	}
	a, b := text(sent), text(has)
	switch {
	case a == b:
	case same(sent, has):
		d.Spelt[index.ReplaceAllString(path, "[]")] = a + " is " + b
	default:
		d.Lost = append(d.Lost, fmt.Sprintf("%s: %s is %s", path, a, b))
	}
}

// same tells whether two values are one duration or one quantity.
func same(a, b any) bool {
	s, t := strings.Trim(text(a), `"`), strings.Trim(text(b), `"`)
	if x, err := time.ParseDuration(s); err == nil {
		y, err := time.ParseDuration(t)
		return err == nil && x == y
	}
	x, err := resource.ParseQuantity(s)
	if err != nil {
		return false
	}
	y, err := resource.ParseQuantity(t)
	return err == nil && x.Cmp(y) == 0
}

func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

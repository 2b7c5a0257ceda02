package harness

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// standIns has the images of the catalogue that a node of the tier Node has under
// another tag. An image that is missing here has its own tag there. All of them are
// made by recipes, so that the tag says nothing about the version of the tool.
var standIns = map[string]string{
	"docker.io/library/golang:1.26.10":         "docker.io/library/golang:1.26",
	"docker.io/library/docker:28.5.2-cli":      "docker.io/library/docker:28-cli",
	"docker.io/library/docker:28.5.2-dind":     "docker.io/library/docker:28-dind",
	"docker.io/library/busybox:1.37.0":         "docker.io/library/busybox:1.37",
	"docker.io/moby/buildkit:v0.34.2-rootless": "docker.io/moby/buildkit:v0.22.0-rootless",
	"docker.io/alpine/helm:3.20.2":             "docker.io/alpine/helm:3.19.0",
	"docker.io/curlimages/curl:8.22.0":         "docker.io/library/debian:bookworm", // which has curl
}

// StandInImages replaces the images that a node of the tier Node has under another
// tag.
func (c *Cluster) StandInImages(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	if c.Tier != Node {
		return
	}
	replaced := map[string]bool{}
	for _, o := range objects {
		replaceImages(o.Object, replaced)
	}
	for _, image := range slices.Sorted(maps.Keys(replaced)) {
		StandsIn(t, standIns[image]+" for "+image+": the tag that the node has")
	}
}

// StandInText is a program with the images that a node of the tier Node has under
// another tag.
func StandInText(t *testing.T, program string) string {
	t.Helper()
	for _, image := range slices.Sorted(maps.Keys(standIns)) {
		if strings.Contains(program, `"`+image+`"`) {
			program = strings.ReplaceAll(program, `"`+image+`"`, `"`+standIns[image]+`"`)
			StandsIn(t, standIns[image]+" for "+image+": the tag that the node has")
		}
	}
	return program
}

func replaceImages(o any, replaced map[string]bool) {
	switch o := o.(type) {
	case []any:
		for _, item := range o {
			replaceImages(item, replaced)
		}
	case map[string]any:
		for key, value := range o {
			image, _ := value.(string)
			if instead := standIns[image]; key == "image" && instead != "" {
				o[key], replaced[image] = instead, true
				continue
			}
			replaceImages(value, replaced)
		}
	}
}

// Commanded gives each step a command that has neither command nor script, on a
// cluster of the tier ControlPlane: Tekton asks the registry for the entry
// point of such an image, and there is none.
func (c *Cluster) Commanded(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	if c.Tier != ControlPlane {
		return
	}
	for _, o := range objects {
		if commanded(o.Object["spec"]) {
			StandsIn(t, "a command for an image's entry point")
		}
	}
}

func commanded(o any) bool {
	did := false
	switch o := o.(type) {
	case []any:
		for _, item := range o {
			did = commanded(item) || did
		}
	case map[string]any:
		for key, value := range o {
			if steps, ok := value.([]any); ok && key == "steps" {
				for _, s := range steps {
					did = command(s) || did
				}
				continue
			}
			did = commanded(value) || did
		}
	}
	return did
}

func command(step any) bool {
	s, ok := step.(map[string]any)
	if !ok || s["command"] != nil || s["script"] != nil || s["ref"] != nil || s["image"] == nil {
		return false
	}
	s["command"] = []any{"entry-point"}
	return true
}

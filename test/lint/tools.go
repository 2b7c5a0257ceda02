package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// file is the name under which tools see the YAML.
const file = "defect.yaml"

// cluster holds what every file leaves out.
var cluster = check.Profile{Complete: true, Exists: []diag.ObjectRef{
	{Kind: "ServiceAccount", Name: "listener"}, {Kind: "Secret", Name: "webhook"}, {Kind: "Secret", Name: "hooks-tls"},
	{Kind: "PersistentVolumeClaim", Name: "shared"},
}}

// found is what tekwright finds, advice included.
func found(yaml string) diag.Findings {
	objects, findings := manifest.Parse([]byte(yaml), file)
	more, _ := check.Run(context.Background(), objects, cluster) // which does not end
	return append(findings, more...)
}

func tekwright(yaml string) ([]string, error) {
	var out []string
	for _, f := range found(yaml) {
		out = append(out, f.Code+" "+f.Message)
	}
	return out, nil
}

// webhooks decodes strictly, as kubectl has the API server do, and asks what
// Tekton's admission webhooks run.
func webhooks(yaml string) ([]string, error) {
	objects, findings := manifest.Parse([]byte(yaml), file)
	var out []string
	for _, f := range findings {
		out = append(out, f.Message)
	}
	for _, o := range objects {
		refused, _ := admission.Refusals(admission.Default(), o.Object)
		for _, f := range refused {
			out = append(out, f.Error())
		}
	}
	return out, nil
}

// tektonLint runs the program of that name.
func tektonLint(program string) func(string) ([]string, error) {
	return func(yaml string) ([]string, error) {
		dir, err := os.MkdirTemp("", "lint")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		if err := os.WriteFile(filepath.Join(dir, file), []byte(yaml), 0o600); err != nil {
			return nil, err
		}
		cmd := exec.CommandContext(context.Background(), program, "--format", "json", file)
		cmd.Dir = dir
		printed, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return nil, err
		}
		var problems []struct{ Rule, Message string }
		if err := json.Unmarshal(printed, &problems); err != nil {
			return nil, fmt.Errorf("what it prints is no JSON: %w: %s", err, printed)
		}
		var out []string
		for _, p := range problems {
			out = append(out, p.Rule+" "+p.Message)
		}
		return out, nil
	}
}

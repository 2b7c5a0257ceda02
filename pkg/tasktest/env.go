package tasktest

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/podspec"
)

// environment returns the variables of a step, in order, as the kubelet makes them.
func (p *plan) environment(from []corev1.EnvFromSource, env []corev1.EnvVar) ([]string, map[string]string, error) {
	known := map[string]string{}
	var order []string
	set := func(name, value string) {
		if _, again := known[name]; !again {
			order = append(order, name)
		}
		known[name] = value
	}
	for _, f := range from {
		values, err := p.source(f)
		if err != nil {
			return nil, nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			set(f.Prefix+key, values[key])
		}
	}
	for _, e := range env {
		value := podspec.Expand(e.Value, known)
		if e.ValueFrom != nil {
			text, ok, err := p.valueFrom(e.ValueFrom)
			if err != nil {
				return nil, nil, fmt.Errorf("variable %q: %w", e.Name, err)
			}
			if !ok {
				continue
			}
			value = text
		}
		set(e.Name, value)
	}
	return order, known, nil
}

// source returns the values of an envFrom.
func (p *plan) source(f corev1.EnvFromSource) (map[string]string, error) {
	kind, name, all, optional := "Secret", "", p.c.Secrets, (*bool)(nil)
	switch {
	case f.SecretRef != nil:
		name, optional = f.SecretRef.Name, f.SecretRef.Optional
	case f.ConfigMapRef != nil:
		kind, name, all, optional = "ConfigMap", f.ConfigMapRef.Name, p.c.ConfigMaps, f.ConfigMapRef.Optional
	default:
		return nil, nil
	}
	values, ok := all[name]
	if !ok && (optional == nil || !*optional) {
		return nil, fmt.Errorf("the case has no %s %q", kind, name)
	}
	return values, nil
}

// valueFrom returns the value of a variable from elsewhere, and whether it has one.
func (p *plan) valueFrom(f *corev1.EnvVarSource) (text string, ok bool, err error) {
	key := func(kind, name, key string, all map[string]map[string]string, optional *bool) (string, bool, error) {
		value, ok := all[name][key]
		switch {
		case ok:
			return value, true, nil
		case optional != nil && *optional:
			return "", false, nil
		case all[name] == nil:
			return "", false, fmt.Errorf("the case has no %s %q", kind, name)
		}
		return "", false, fmt.Errorf("the %s %q has no key %q", kind, name, key)
	}
	switch {
	case f.SecretKeyRef != nil:
		r := f.SecretKeyRef
		return key("Secret", r.Name, r.Key, p.c.Secrets, r.Optional)
	case f.ConfigMapKeyRef != nil:
		r := f.ConfigMapKeyRef
		return key("ConfigMap", r.Name, r.Key, p.c.ConfigMaps, r.Optional)
	case f.FieldRef != nil:
		switch f.FieldRef.FieldPath {
		case "metadata.name":
			return p.name + "-pod", true, nil
		case "metadata.namespace":
			return "default", true, nil
		case "spec.serviceAccountName":
			return "default", true, nil
		}
		return "", false, fmt.Errorf("the field %q of a pod needs a cluster", f.FieldRef.FieldPath)
	}
	return "", false, errors.New("a value of this kind needs a cluster")
}

// command is what a step runs.
type command struct {
	argv []string
	env  []string // NAME=VALUE
	dir  string
}

// command returns what a step runs, with the results of earlier steps.
func (p *plan) command(s v1.Step, program []string, results stepResults) (command, error) {
	order, known, err := p.environment(s.EnvFrom, s.Env)
	if err != nil {
		return command{}, err
	}
	argv := slices.Clone(program)
	if s.Script == "" {
		argv = slices.Clone(s.Command)
	}
	argv = append(argv, s.Args...)
	for i := range argv {
		if s.Script == "" || i >= len(program) {
			argv[i] = podspec.Expand(argv[i], known)
		}
	}
	c := command{dir: s.WorkingDir}
	// Like Tekton, a step begins although a result is missing: the variable stays. This is
	// almost always a mistake, so here it is an error.
	for _, name := range order {
		if known[name], err = results.text(known[name]); err != nil {
			return command{}, err
		}
		c.env = append(c.env, name+"="+known[name])
	}
	if c.argv, err = results.texts(argv); err != nil {
		return command{}, err
	}
	return c, nil
}

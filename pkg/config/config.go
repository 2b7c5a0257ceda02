package config

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/settings"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Name is the name of the files that are configurations.
const Name = ".tekwright.yaml"

// Config is one configuration. It is immutable and safe for concurrent use.
type Config struct {
	// File is the name of the file, as in positions.
	File string
	// ProfileFile is the name of the file that the field profile refers to, "" if none.
	ProfileFile string
	// Warnings lists what may be a mistake, one sentence each.
	Warnings []string

	folder    string        // absolute
	profile   check.Profile // the fields that are set, except the rules
	set       []string      // their names
	exclude   []exclusion
	fields    []Field   // as they were set, in order
	settings  []Setting // for all files, in order
	overrides []override
	baseline  string
	baselined diag.Position
	folded    *folded
}

// Setting is what a configuration says about a rule, or who reads the findings.
type Setting struct {
	// Code is the code of the rule, "" for the persona.
	Code string
	// Severity is the severity of the findings of the rule. The zero value means that
	// the rule is turned off.
	Severity diag.Severity
	// Persona is set if Code is "".
	Persona rule.Persona
	// Paths lists the patterns of the override that the setting is in, nil if it is for
	// all files.
	Paths []string
	// Position is the place of the setting.
	Position diag.Position
}

// Field is a field that a configuration or its profile sets, other than the rules and the
// persona.
type Field struct {
	// Name is the name of the field, such as apiFields.
	Name string
	// Position is the place of the field.
	Position diag.Position
}

// override are settings for some files.
type override struct {
	paths    discovery.Patterns
	settings []Setting
}

// exclusion is a pattern of files and folders to leave out.
type exclusion struct {
	pattern  discovery.Patterns // one
	position diag.Position
}

// folded are the profiles of a configuration, so that files with the same overrides and the
// same base have the same profile.
type folded struct {
	sync.Mutex
	profiles map[folding]*check.Profile
}

// folding identifies a profile of a configuration: over which base, and with which overrides.
type folding struct {
	base    *check.Profile
	matched string
}

// Settings returns the settings that apply to a file, in order: later ones win. The name
// is absolute or relative to the current directory.
func (c *Config) Settings(file string) []Setting {
	if c == nil {
		return nil
	}
	return c.settingsOf(c.matching(absolute(file)))
}

// Fields returns the fields about the cluster and the set of objects that are set, in
// order: later ones win, and the objects of exists add up.
func (c *Config) Fields() []Field {
	if c == nil {
		return nil
	}
	return slices.Clone(c.fields)
}

// Excludes reports whether the configuration leaves out a file or folder, and where it
// says so. The name is absolute or relative to the current directory.
func (c *Config) Excludes(path string) (at diag.Position, excluded bool) {
	if c == nil || len(c.exclude) == 0 {
		return diag.Position{}, false
	}
	name := c.relative(absolute(path))
	for _, e := range c.exclude {
		if e.pattern.Match(name) {
			return e.position, true
		}
	}
	return diag.Position{}, false
}

// Baseline returns the file with known findings that the configuration sets, and where it
// sets it. The file is "" if it sets none. It need not exist.
func (c *Config) Baseline() (file string, at diag.Position) {
	if c == nil {
		return "", diag.Position{}
	}
	return c.baseline, c.baselined
}

// Profile returns a profile with the settings for a file in place of its own. Fields that
// the configuration does not set are kept. What exists in the cluster adds up, and so do
// the settings of rules, where the configuration wins.
func (c *Config) Profile(file string, base check.Profile) check.Profile {
	if c == nil {
		return base
	}
	return c.fold(base, c.Settings(file))
}

// profileOf is like Profile, but returns the same pointer for the same base and overrides.
func (c *Config) profileOf(file string, base *check.Profile, over func(*check.Profile)) *check.Profile {
	matched := c.matching(file)
	key := folding{base, string(matched)}
	c.folded.Lock()
	defer c.folded.Unlock()
	p := c.folded.profiles[key]
	if p == nil {
		made := c.fold(*base, c.settingsOf(matched))
		over(&made)
		p = &made
		if c.folded.profiles == nil {
			c.folded.profiles = map[folding]*check.Profile{}
		}
		c.folded.profiles[key] = p
	}
	return p
}

// matching returns the indexes of the overrides that apply to an absolute path.
func (c *Config) matching(path string) []rune {
	if len(c.overrides) == 0 {
		return nil
	}
	var out []rune
	name := c.relative(path)
	for i := range c.overrides {
		if c.overrides[i].paths.Match(name) {
			out = append(out, rune(i))
		}
	}
	return out
}

// settingsOf returns the settings for all files and of some overrides.
func (c *Config) settingsOf(matched []rune) []Setting {
	out := slices.Clone(c.settings)
	for _, i := range matched {
		out = append(out, c.overrides[i].settings...)
	}
	return out
}

// fold returns the profile with the fields of the configuration and the settings.
func (c *Config) fold(p check.Profile, all []Setting) check.Profile {
	exists := slices.Concat(p.Exists, c.profile.Exists)
	from, to := settings.FieldsOf(&c.profile), settings.FieldsOf(&p)
	for _, name := range c.set {
		reflect.ValueOf(to[name]).Elem().Set(reflect.ValueOf(from[name]).Elem())
	}
	p.Exists = exists
	if slices.Contains(c.set, "remotes") {
		p.ReadRemote = ReadRemote
	}
	disabled := map[string]bool{}
	for _, code := range p.Disabled {
		disabled[code] = true
	}
	p.Severities = maps.Clone(p.Severities)
	for _, s := range all {
		switch {
		case s.Code == "":
			p.Persona = s.Persona
		case s.Severity == settings.Off:
			disabled[s.Code] = true
			delete(p.Severities, s.Code)
		default:
			if p.Severities == nil {
				p.Severities = map[string]diag.Severity{}
			}
			p.Severities[s.Code] = s.Severity
			delete(disabled, s.Code)
		}
	}
	p.Disabled = slices.Sorted(maps.Keys(disabled))
	return p
}

// relative returns an absolute path relative to the folder of the configuration, with
// slashes.
func (c *Config) relative(path string) string {
	if rest, ok := strings.CutPrefix(path, c.folder); ok && len(rest) > 1 && rest[0] == filepath.Separator {
		return filepath.ToSlash(rest[1:])
	}
	if rel, err := filepath.Rel(c.folder, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// absolute returns an absolute path without "..".
func absolute(path string) string {
	if a, err := filepath.Abs(filepath.FromSlash(path)); err == nil {
		return a
	}
	return filepath.Clean(path)
}

package project

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/fix"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// harden passes inputs through the environment that Tekton pastes into scripts, where all of a
// script are in double quotes, and nothing in it reads them as code. It changes the texts that
// are read, and no file. The other scripts are left to a person.
//
// The function that it returns gives all places back as the files have them, once the texts are
// no longer needed.
func (s *Sources) harden(ctx context.Context, load func(texts map[string]string) (manifest.LoadResult, error), texts map[string]string) (func(), error) {
	rules := rulesOf(check.InputInScript)
	judge := func(texts map[string]string) (diag.Findings, error) {
		loaded, err := load(texts)
		if err != nil {
			return nil, err
		}
		found, err := check.RunRules(ctx, loaded.Objects, check.Profile{Persona: rule.Auditor}, rules...)
		return append(slices.Clone(loaded.Findings), found...), err
	}
	findings, err := judge(texts)
	if err != nil {
		return nil, err
	}
	wanted := func(i int) bool {
		f, ok := fix.Best(findings[i], true)
		return ok && findings[i].Code == check.InputInScript && f.Message == phrase.QuotedThroughEnv
	}
	result, err := fix.Run(findings, texts, fix.Options{Unsafe: true, Wanted: wanted}, judge)
	switch {
	case errors.Is(err, fix.ErrIncomplete):
		return nil, errors.New("not all scripts could be read, so none is changed")
	case err != nil:
		return nil, err
	}
	left := map[int]bool{}
	for _, i := range result.Origin {
		left[i] = true
	}
	for i := range findings {
		if wanted(i) && !left[i] {
			s.Hardened = append(s.Hardened, scriptOf(findings[i]))
		}
	}
	if len(s.Hardened) == 0 {
		return func() {}, nil
	}
	written, hardened := s.Loaded, maps.Clone(texts)
	maps.Copy(hardened, result.Texts)
	loaded, err := load(hardened)
	if err != nil {
		return nil, err
	}
	s.changed = map[string]string{}
	for file, text := range result.Texts {
		s.changed[discovery.Real(file)] = text
	}
	back := false
	for i := range loaded.Objects {
		if i < len(written.Objects) { // there are as many
			now, before := loaded.Objects[i].Locate, written.Objects[i].Locate
			loaded.Objects[i].Locate = func(path diag.Path, excerpt string) diag.Position {
				if back {
					return before(path, excerpt)
				}
				return now(path, excerpt)
			}
		}
	}
	s.loaded(loaded)
	return func() {
		back = true
		objects := s.Loaded.Objects
		s.loaded(written)
		s.Loaded.Objects = objects
	}, nil
}

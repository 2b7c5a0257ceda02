package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/fix"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/replace"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// The values of --fix.
const (
	safeFixes   = "safe"
	unsafeFixes = "unsafe"
)

// fixing says what to fix.
type fixing struct {
	fix  choice
	diff bool
}

// flags adds the flags.
func (o *fixing) flags(cmd *cobra.Command) {
	o.fix.flag(cmd, "fix", "", "fix the files: with `safe` fixes, or with =unsafe also with guesses")
	cmd.Flags().Lookup("fix").NoOptDefVal = safeFixes
	cmd.Flags().BoolVar(&o.diff, "diff", false, "show what --fix would change, and change nothing")
}

// fixes reports whether to fix what has been found.
func (o *fixing) fixes() bool { return o.fix.value != "" || o.diff }

// fixable returns an error if the flags do not fit together.
func (c *checking) fixable(args []string) error {
	if !c.fixes() {
		return nil
	}
	for _, arg := range args {
		if _, err := os.Lstat(arg); errors.Is(err, fs.ErrNotExist) && slices.Contains(c.fix.allowed, arg) {
			return fmt.Errorf("the file or folder %s does not exist\n  help: write --fix=%s, with =", arg, arg)
		}
	}
	switch {
	case slices.Contains(args, stdin) && !c.diff:
		return errors.New("--fix cannot change standard input\n  help: use --diff to see the changes, or pass a file")
	case c.write:
		return errors.New("--fix and --write-baseline cannot be used together\n  help: fix first, and write the baseline of what stays")
	case c.diff && c.format.value != "text":
		return errors.New("--diff cannot be used with -o " + c.format.value + "\n  help: leave out one of them")
	case c.diff && c.summary:
		return errors.New("--diff cannot be used with --summary\n  help: leave out one of them")
	}
	return nil
}

// mend fixes what is reported, and makes the report of what stays. The remarks from an
// index on are about the findings before.
func (c *checking) mend(ctx context.Context, args []string, o manifest.LoadOptions, v *verdict, remarks int) error {
	texts := v.set.Texts
	refused := map[string]string{} // why files are not changed
	writable := func(file string) bool {
		why, known := refused[file]
		if !known {
			why = c.unchangeable(file, texts[file])
			refused[file] = why
		}
		return why == ""
	}
	again := func(texts map[string]string) (manifest.LoadResult, *renderer, error) {
		over := o
		over.Overlay = texts
		if slices.Contains(args, stdin) {
			over.Stdin = strings.NewReader("") // it has been read
		}
		return c.load(ctx, args, over)
	}
	wanted := indexes(v.all, v.fresh)
	result, err := fix.Run(v.all, texts, fix.Options{
		Unsafe: c.fix.value == unsafeFixes, Writable: writable, Wanted: func(i int) bool { return wanted[i] },
	}, func(texts map[string]string) (diag.Findings, error) {
		set, renderings, err := again(texts)
		if err != nil {
			return nil, err
		}
		profile := v.profile
		profile.Suppressed = nil
		return c.judge(ctx, set, renderings, profile)
	})
	if errors.Is(err, fix.ErrIncomplete) {
		c.remarks = append(c.remarks, "warning: not everything was checked, so nothing is fixed")
		return nil
	}
	if err != nil {
		return err
	}
	if len(result.Texts) > 0 {
		if err := c.keep(ctx, v, result.Texts, remarks, again); err != nil {
			return err
		}
	}
	for _, file := range slices.Sorted(maps.Keys(refused)) {
		if why := refused[file]; why != "" {
			c.remarks = append(c.remarks, "warning: "+file+" is not fixed: "+why)
		}
	}
	for _, f := range result.Wrong {
		c.remarks = append(c.remarks, "warning: "+f.Position.String()+": "+v.set.Hide(f.Message))
	}
	v.Findings = withoutFixes(v.Findings, result.Wrong)
	if !c.diff && !v.unwritten {
		v.Fixed, v.FixedFiles = result.Fixed, len(result.Texts)
	}
	c.reject(v, result.Rejected)
	return nil
}

// keep writes the fixed files, and makes the report of what stays. With --diff, it makes the
// difference instead.
func (c *checking) keep(ctx context.Context, v *verdict, fixed map[string]string, remarks int, again func(map[string]string) (manifest.LoadResult, *renderer, error)) error {
	names := slices.Sorted(maps.Keys(fixed))
	texts := maps.Clone(v.set.Texts)
	var writer replace.Writer
	for _, name := range names {
		if !c.diff {
			if err := changed(&writer, name, texts[name], fixed[name]); err != nil {
				v.unwritten = true
				_ = c.complain(fmt.Sprintf("cannot write %s: %v", name, err))
				continue
			}
		}
		texts[name] = fixed[name]
	}
	set, renderings, err := again(texts)
	if err != nil {
		return err
	}
	if c.diff {
		for _, name := range names {
			v.diff += diff.Unified(inDiff("a/"+strings.TrimPrefix(name, "/")), inDiff("b/"+strings.TrimPrefix(name, "/")), masked(v.set, name), masked(set, name))
		}
		return nil
	}
	v.set = set
	if v.all, err = c.judge(ctx, set, renderings, v.judging()); err != nil {
		return err
	}
	c.remarks = c.remarks[:min(remarks, len(c.remarks))]
	return c.settle(v)
}

// inDiff returns the name of a file as git writes it into a diff: in quotes if a line break or
// another character in it would be read as something else.
func inDiff(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' }) {
		return name
	}
	var b strings.Builder
	for _, c := range []byte(name) {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return `"` + b.String() + `"`
}

// masked returns the text of a file without the values of Secrets.
func masked(set manifest.LoadResult, name string) string {
	text := set.Texts[name]
	ranges, _ := set.Secrets(name)
	var b strings.Builder
	at := 0
	for _, r := range ranges {
		b.WriteString(text[at:r[0]] + secrets.Hidden)
		at = r[1]
	}
	return b.String() + text[at:]
}

// withoutFixes returns findings of which some have no fix: it was tried, and is wrong. These
// have other messages.
func withoutFixes(findings, wrong diag.Findings) diag.Findings {
	type spot struct {
		code string
		at   diag.Position
	}
	tried := map[spot]bool{}
	for _, f := range wrong {
		tried[spot{f.Code, f.Position}] = true
	}
	findings = slices.Clone(findings)
	for i, f := range findings {
		if tried[spot{f.Code, f.Position}] {
			findings[i].Fixes = nil
		}
	}
	return findings
}

// reject adds to the report the fixes that were not applied.
func (c *checking) reject(v *verdict, rejected diag.Findings) {
	if len(rejected) > 0 {
		v.Findings = append(slices.Clip(v.Findings), rejected...)
		v.Findings.Sort()
		v.counts = true
	}
}

// indexes returns which findings are among some of them, which are in the same order.
func indexes(all, some diag.Findings) []bool {
	out := make([]bool, len(all))
	for i := range all {
		if len(some) > 0 && all[i].Compare(some[0]) == 0 {
			out[i], some = true, some[1:]
		}
	}
	return out
}

// generatedMark matches the line of a file that a program has written.
var generatedMark = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:#|//) Code generated .*DO NOT EDIT\.?\s*$`)
})

// unchangeable returns why a file must not be changed, "" if it may be.
func (c *checking) unchangeable(name, text string) string {
	if name == discovery.StdinName {
		if c.diff {
			return ""
		}
		return "it is standard input"
	}
	info, err := os.Lstat(filepath.FromSlash(name))
	switch {
	case err != nil:
		return "it cannot be read again"
	case info.Mode()&fs.ModeSymlink != 0:
		return "it is a symbolic link"
	case !info.Mode().IsRegular():
		return "it is not a regular file"
	case generatedMark().MatchString(text):
		return "it is generated; fix the program that writes it"
	}
	return ""
}

// changed replaces the text of a file, unless it has another one meanwhile.
func changed(w *replace.Writer, name, before, after string) error {
	name = filepath.FromSlash(name)
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return errors.New("it is no longer a regular file")
	}
	now, err := os.ReadFile(name)
	if err == nil && string(now) != before {
		return errors.New("it has been changed while it was checked")
	}
	if err == nil {
		var f *os.File
		if f, err = os.OpenFile(name, os.O_WRONLY, 0); err == nil { // replacing it asks only for the directory
			err = f.Close()
		}
	}
	if err == nil {
		err = replaceFile(w, name, []byte(after))
	}
	if in, ok := errors.AsType[*fs.PathError](err); ok {
		err = in.Err
	}
	return err
}

// showDiff writes the differences that fixes make, and says on standard error what else
// there is. The files stay as they are, and so does the exit status.
func (c *checking) showDiff(v *verdict) error {
	if err := printable.Fprintf(c.Out, "%s", printable.Diff(v.diff)); err != nil {
		return err
	}
	for _, f := range v.Findings {
		if f.Code == "internal" {
			_ = c.complain(f.Error())
		}
	}
	c.ends(v)
	return nil
}

package revision

import (
	"context"
	"errors"
	"strings"
)

// Changes are the files that differ between two commits, relative to the top of the
// repository.
type Changes struct {
	All, Added, Deleted, Modified, Renamed []string
}

// Changed returns the files that differ between the commits of a range: A..B is from A to
// B, and A...B is from where B branched off from A to B. A renamed file has its new name.
func (r Repository) Changed(ctx context.Context, commits string) (Changes, error) {
	from, to, ok := strings.Cut(commits, "..")
	to, branched := strings.CutPrefix(to, ".")
	if !ok || from == "" || to == "" {
		return Changes{}, errors.New("a range is two revisions with .. between them, such as main..HEAD")
	}
	from, err := r.Commit(ctx, from)
	if err != nil {
		return Changes{}, err
	}
	if to, err = r.Commit(ctx, to); err != nil {
		return Changes{}, err
	}
	if branched {
		out, err := git(ctx, r.Top, "merge-base", from, to)
		if err != nil {
			return Changes{}, err
		}
		from = strings.TrimSpace(string(out))
	}
	out, err := git(ctx, r.Top, "diff-tree", "-r", "-z", "-M", "--name-status", "--no-ext-diff", "--no-textconv", from, to)
	if err != nil {
		return Changes{}, err
	}
	return parseChanges(string(out)), nil
}

// parseChanges parses the output of diff-tree: a letter, and one or two names.
func parseChanges(out string) Changes {
	var c Changes
	words := strings.Split(out, "\x00")
	for i := 0; i+1 < len(words); i += 2 {
		status, name := words[i], words[i+1]
		if status == "" {
			break
		}
		switch status[0] {
		case 'R', 'C':
			if i+2 >= len(words) {
				return c
			}
			i++
			name = words[i+1]
			if status[0] == 'R' {
				c.Renamed = append(c.Renamed, name)
			} else {
				c.Added = append(c.Added, name)
			}
		case 'A':
			c.Added = append(c.Added, name)
		case 'D':
			c.Deleted = append(c.Deleted, name)
		default:
			c.Modified = append(c.Modified, name)
		}
		c.All = append(c.All, name)
	}
	return c
}

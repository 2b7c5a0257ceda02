package config

import "path/filepath"

// leaves reports whether a path, which a configuration refers to, leaves its repository. The
// repository may be a stranger's, and messages show what is wrong with the file. A link in it
// may lead anywhere. A configuration without a repository may refer to any file.
func leaves(file, path string) bool {
	top := repository(filepath.Dir(absolute(filepath.FromSlash(file))))
	if top == "" {
		return false
	}
	rel, err := filepath.Rel(resolved(top), resolved(absolute(path)))
	return err != nil || !filepath.IsLocal(rel)
}

// repository returns the root of the repository that has a folder, "" if none has.
func repository(folder string) string {
	for !exists(filepath.Join(folder, ".git")) {
		up := filepath.Dir(folder)
		if up == folder {
			return ""
		}
		folder = up
	}
	return folder
}

// resolved returns an absolute path without symbolic links. The end of it need not exist.
func resolved(path string) string {
	for dir := path; ; dir = filepath.Dir(dir) {
		if target, err := filepath.EvalSymlinks(dir); err == nil {
			rest, err := filepath.Rel(dir, path)
			if err != nil {
				return path
			}
			return filepath.Join(target, rest)
		}
		if filepath.Dir(dir) == dir {
			return path
		}
	}
}

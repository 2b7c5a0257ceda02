package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// temporary returns the name under which a file is written before it is renamed. Its
// extension is not that of a YAML file.
func temporary(name string) string { return "." + name + staged }

// staged is the extension of temporary files.
const staged = ".tekwright"

// isTemporary reports whether a name is that of a temporary file.
func isTemporary(name string) bool {
	inner, ok := final(name)
	return ok && (generated(inner) || inner == listFile || inner == unfinishedFile)
}

// final returns the name that a temporary file gets.
func final(name string) (string, bool) {
	inner, ok := strings.CutSuffix(strings.TrimPrefix(name, "."), staged)
	return inner, ok && name[0] == '.'
}

// isStaged reports whether a process that was stopped has left a temporary file behind. Others
// may have files of such a name, too. A process that is stopped at once leaves an empty file or
// a part of the first line, which tells little: then the name has to be one that it may have
// written. The keys of wanted are in lower case.
func isStaged(root *os.Root, name string, listed, wanted map[string]bool) (bool, error) {
	text, err := beginning(root, name)
	if text == nil || err != nil {
		return false, err
	}
	inner, _ := final(name)
	own := !isYAML(inner) && !isDiagram(inner) // nobody else has files of such a name
	return isBegun(text, inner) && (len(text) >= len(firstLine(inner)) || listed[inner] || wanted[strings.ToLower(inner)] || own), nil
}

// isWhole reports whether a file begins with our first line.
func isWhole(root *os.Root, name string) (bool, error) {
	text, err := beginning(root, name)
	return text != nil && err == nil && bytes.HasPrefix(unix(text), []byte(firstLine(name))), err
}

// isBegun reports whether a text begins with our first line of the file, or ends within it.
func isBegun(text []byte, name string) bool {
	text = unix(text)
	first := []byte(firstLine(name))
	return bytes.HasPrefix(text, first) || bytes.HasPrefix(first, text)
}

// beginning returns the first bytes of a regular file, in which our first line is; nil if it is
// another file.
func beginning(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // opened to be read
	text := make([]byte, max(len(header), len(markdownHeader))+1)
	n, err := io.ReadFull(f, text)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return text[:n], err
}

// isSame reports whether two names are those of the same file.
func isSame(root *os.Root, a, b string) bool {
	x, err := root.Lstat(a)
	if err != nil {
		return false
	}
	y, err := root.Lstat(b)
	return err == nil && os.SameFile(x, y)
}

// stage writes a temporary file. It replaces one that an earlier process left.
func stage(root *os.Root, w file, mode fs.FileMode) (err error) {
	if mode == 0 {
		mode = 0o644
	}
	name := temporary(w.name)
	switch text, err := beginning(root, name); {
	case err != nil:
		return err
	case text != nil && isBegun(text, w.name):
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%q was not written by tekwright; move it away, or use another folder", name)
	}
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			_ = root.Remove(name)
		}
	}()
	if _, err := out.Write(w.text); err != nil {
		return err
	}
	return out.Sync()
}

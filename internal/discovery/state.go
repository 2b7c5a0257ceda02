package discovery

import (
	"os"
	"path/filepath"
)

// Unfinished is a file that exists in a directory while its files are replaced. It
// remains if the program that replaces them is killed.
const Unfinished = ".tekwright-unfinished"

// List is the file that lists the files that tekwright has written to a directory.
// Its modification time increases whenever one of them changes.
const List = ".tekwright-files"

// State identifies the contents of a directory to which tekwright writes. In any other
// directory it is the zero value. If it is the same before and after the files are
// read, and Unfinished is false, they belong together.
type State struct {
	Unfinished bool // some files may be old, and some new

	time, size int64 // of the list
}

// StateOf returns the state of a directory.
func StateOf(dir string) State {
	var s State
	if info, err := os.Lstat(filepath.Join(dir, List)); err == nil {
		s.time, s.size = info.ModTime().UnixNano(), info.Size()
	}
	_, err := os.Lstat(filepath.Join(dir, Unfinished))
	s.Unfinished = err == nil
	return s
}

// Attempts is how often files are read that are replaced at the same time.
const Attempts = 10

// Whole calls read until the files of the directory have not changed meanwhile, and
// returns its error. If there are too many changes, it returns false.
func Whole(dir string, read func() error) (whole bool, err error) {
	for range Attempts {
		before := StateOf(dir)
		err = read()
		if !before.Unfinished && StateOf(dir) == before {
			return true, err
		}
	}
	return false, nil
}

// Mixed returns the directories whose files were replaced since Find, or are being
// replaced. Their files may belong to different versions. Mixed reports them in the order in
// which they were read.
func (f Found) Mixed() []string {
	var dirs []string
	for _, d := range f.states {
		if d.state.Unfinished || StateOf(d.dir) != d.state {
			dirs = append(dirs, d.dir)
		}
	}
	return dirs
}

// visited is a directory with its state before it was listed.
type visited struct {
	dir   string
	state State
}

package facts

import (
	"path"
	"slices"
	"strings"
)

// neighborhood has the first of several objects with the same kind and name, by
// namespace and place.
type neighborhood map[vicinity]*Entry

// vicinity is a namespace at a place. A place is a file, a directory, or a directory with
// all that is below it; "" is everywhere.
type vicinity struct {
	namespace    string
	anyNamespace bool
	place        string
}

// Suffixes of directories, which no path of a file has.
const (
	exactly = "/."
	within  = "/.."
)

// Dir returns the directory of the file of the object, with slashes. It is "" for an
// object of a Go program, whose directories say nothing about the set, and if the
// file is not known. For a rendered object it is that of its set.
func (e *Entry) Dir() string {
	if set := e.Root().Object.Set; set != "" {
		return slashed(set)
	}
	file := slashed(e.File())
	switch path.Ext(file) {
	case ".yaml", ".yml", ".json":
		return path.Dir(file)
	}
	return ""
}

func slashed(file string) string { return strings.ReplaceAll(file, "\\", "/") }

// places returns the places of an object, the nearest first.
func (e *Entry) places() []string {
	if e.placesDone {
		return e.nearPlaces
	}
	e.placesDone = true
	if e.set.united {
		e.nearPlaces = []string{""}
		return e.nearPlaces
	}
	if file := e.File(); file != "" && e.Object.Set == "" {
		e.nearPlaces = append(e.nearPlaces, slashed(file))
	}
	dir := e.Dir()
	for dir != "" && len(e.nearPlaces) < maxPlaces {
		e.nearPlaces = append(e.nearPlaces, dir+exactly, dir+within)
		up := path.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	e.nearPlaces = append(e.nearPlaces, "")
	return e.nearPlaces
}

// maxPlaces limits the directories of one object.
const maxPlaces = 64

// nearest is [Set.Find] among several.
func (s *Set) nearest(kind, namespace, name string, from *Entry) *Entry {
	key := [2]string{kind, name}
	n := s.neighbors[key]
	if n == nil {
		n = neighborhood{}
		for _, e := range slices.Backward(s.index[key]) {
			for _, place := range e.places() {
				if strings.HasSuffix(place, exactly) && place != e.Dir()+exactly {
					continue // a directory above
				}
				n[vicinity{e.Ref.Namespace, false, place}] = e
				n[vicinity{"", true, place}] = e
			}
		}
		if s.neighbors == nil {
			s.neighbors = map[[2]string]neighborhood{}
		}
		s.neighbors[key] = n
	}
	places := []string{""}
	if from != nil {
		places = from.Root().places()
	}
	find := func(namespace string, anyNamespace bool) *Entry {
		for _, place := range places {
			if e := n[vicinity{namespace, anyNamespace, place}]; e != nil {
				return e
			}
		}
		return nil
	}
	e := find(namespace, false)
	switch {
	case e != nil:
	case namespace != "":
		e = find("", false)
	default:
		e = find("", true)
	}
	return e
}

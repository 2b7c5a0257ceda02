package facts

import (
	"path"
	"strings"
)

// neighborhood has the first of several objects with the same kind and name, by
// namespace and place.
type neighborhood map[vicinity][]*Entry

// maxCandidates limits the objects of one name at one place.
const maxCandidates = 16

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
	where := whereabouts{e.Object.Tekton, e.Dir(), e.File(), e.Object.Set != ""}
	known, ok := e.set.placesOf[where]
	if !ok {
		known = e.findPlaces()
		if e.set.placesOf == nil {
			e.set.placesOf = map[whereabouts][]string{}
		}
		e.set.placesOf[where] = known
	}
	e.nearPlaces = known
	return known
}

// whereabouts are what the places of an object depend on. Most files have several objects.
type whereabouts struct {
	tekton, dir, file string
	rendered          bool // the object may be from another directory than its set
}

func (e *Entry) findPlaces() []string {
	if e.set.united {
		return []string{""}
	}
	var near []string
	if folder := e.Object.Tekton; folder != "" {
		// Pipelines-as-Code puts the files of the folder together, and uses the first object
		// of a name.
		near = append(near, folder+within)
		for dir := path.Dir(folder); len(near) < maxPlaces; dir = path.Dir(dir) {
			near = append(near, dir+exactly, dir+within)
			if path.Dir(dir) == dir {
				break
			}
		}
		return append(near, "")
	}
	if file := e.File(); file != "" && e.Object.Set == "" {
		near = append(near, slashed(file))
	}
	dir := e.Dir()
	for dir != "" && len(near) < maxPlaces {
		near = append(near, dir+exactly, dir+within)
		up := path.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return append(near, "")
}

// maxPlaces limits the directories of one object.
const maxPlaces = 64

// nearest is [Set.Find] among several.
func (s *Set) nearest(kind, namespace, name string, from *Entry) *Entry {
	if all := s.candidates(kind, namespace, name, from); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Nearest returns the objects of that kind and name to which from refers in namespace, as
// [Set.Find] does: there are several if they are equally near.
func (s *Set) Nearest(kind, namespace, name string, from *Entry) []*Entry {
	s.asked(Objects)
	return s.candidates(kind, namespace, name, from)
}

// candidates returns the objects of that kind and name at the nearest place that has some.
func (s *Set) candidates(kind, namespace, name string, from *Entry) []*Entry {
	key := [2]string{kind, name}
	n := s.neighbors[key]
	if n == nil {
		n = neighborhood{}
		for _, e := range s.index[key] {
			for _, place := range e.places() {
				if strings.HasSuffix(place, exactly) && place != e.Dir()+exactly {
					continue // a directory above
				}
				if !isInside(place, e.fixture()) {
					continue
				}
				for _, v := range [...]vicinity{{e.Ref.Namespace, false, place}, {"", true, place}} {
					if len(n[v]) < maxCandidates {
						n[v] = append(n[v], e)
					}
				}
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
	find := func(namespace string, anyNamespace bool) []*Entry {
		for _, place := range places {
			if all := n[vicinity{namespace, anyNamespace, place}]; all != nil {
				return all
			}
		}
		return nil
	}
	all := find(namespace, false)
	switch {
	case all != nil:
	case namespace != "":
		all = find("", false)
	default:
		all = find("", true)
	}
	return all
}

// fixture returns the directory with data of tests that the object is in; "" if it is in none.
// What is outside does not mean its objects.
func (e *Entry) fixture() string {
	dir := e.Dir() + "/"
	for _, name := range [...]string{"/testdata/", "/golden/"} {
		if i := strings.Index("/"+dir, name); i >= 0 && !e.set.united {
			return dir[:i+len(name)-2]
		}
	}
	return ""
}

// isInside reports whether a place is a directory or in it.
func isInside(place, dir string) bool {
	if dir == "" {
		return true
	}
	rest, ok := strings.CutPrefix(place, dir)
	return ok && (rest == "" || rest[0] == '/')
}

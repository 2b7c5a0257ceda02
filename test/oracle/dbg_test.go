package oracle

import (
	"fmt"
	"os"
	"sigs.k8s.io/yaml"
	"strconv"
	"testing"
)

func TestDbg(t *testing.T) {
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	for _, f := range faults {
		if f.name != os.Getenv("FAULT") {
			continue
		}
		s := generate(uint64(seed))
		w := f.do(newGen(uint64(seed), 3), s)
		fmt.Println(w)
		for _, o := range s.runtimeObjects() {
			b, _ := yaml.Marshal(o)
			fmt.Println("---\n" + string(b))
		}
		fmt.Println("THEIRS", theirs(s))
		for _, x := range ours(s) {
			fmt.Println("OURS", x.Error())
		}
	}
}

package config_test

import (
	"fmt"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
)

func ExampleRead() {
	c, err := config.Read(".tekwright.yaml", []byte(`
complete: true
severities:
  image-floating: error
overrides:
  - paths: [samples/**]
    severities: {image-floating: off}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, file := range []string{"build.yaml", "samples/hello.yaml"} {
		p := c.Profile(file, check.Profile{})
		fmt.Println(file, p.Complete, p.Severities, p.Disabled)
	}

	_, err = config.Read(".tekwright.yaml", []byte("severities:\n  image-floatin: off\n"))
	fmt.Println(err)
	// Output:
	// build.yaml true map[image-floating:error] []
	// samples/hello.yaml true map[] [image-floating]
	// .tekwright.yaml:2:3: error config-invalid: unknown rule "image-floatin"
	// 	help: did you mean "image-floating"?
}

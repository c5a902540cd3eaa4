// Prints the compose file of the working directory as `docker compose config --format json` would: read, merged,
// filled in and checked by the library that Docker Compose itself is made of.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(
		[]string{"compose.yaml"}, cli.WithOsEnv, cli.WithEnvFiles(), cli.WithDotEnv, cli.WithProfiles([]string{"*"}),
	)
	exitOn(err)
	project, err := options.LoadProject(context.Background())
	exitOn(err)
	shown, err := project.MarshalJSON()
	exitOn(err)
	fmt.Println(string(shown))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

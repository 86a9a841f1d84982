package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages of all commands into a folder",
		Long:  "Write a manual page for each command into a folder, which is made if it is not there. Put them where man looks, as\n/usr/local/share/man/man1.",
		Args:  oneArgument("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("write the manual: %w", err)
			}
			top := cmd.Root()
			top.DisableAutoGenTag = true
			// The same build writes the same pages, on whichever day.
			header := &doc.GenManHeader{Section: "1", Source: "cascade " + thisBuild().Version, Manual: "Cascade", Date: &time.Time{}}
			if err := doc.GenManTree(top, header, args[0]); err != nil {
				return fmt.Errorf("write the manual: %w", err)
			}
			return nil
		},
	}
}

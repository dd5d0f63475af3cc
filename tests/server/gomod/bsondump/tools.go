// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package tools names the program to build, so that `go mod` keeps what it needs. Built by ../../ferretdb-build.
package tools

import _ "github.com/mongodb/mongo-tools/bsondump/main"

// Package handbooks carries the five service handbooks and mainland China's
// official working days, embedded.
package handbooks

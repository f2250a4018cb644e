/**
 * What a code block may call its language. GitLab and its browser code draw diagrams, formulas, tables, maps and models
 * from some, may fetch what they name, and offer to commit a `suggestion`; that list grows, so this one says what is kept.
 */
export const languages: ReadonlySet<string> = new Set(
  `abap ada apache asm awk bash bat batch c c# c++ cfg clj clojure cmake cmd cobol coffee coffeescript conf console cpp
  crystal cs csharp css csv cuda cue cxx d dart diff docker dockerfile elixir elm env erl erlang ex exs f# fish fortran fs
  fsharp gherkin gitignore glsl go golang gradle graphql groovy h haml handlebars haskell hcl hlsl hpp hs html http ini
  java javascript jinja jl js json json5 jsonc jsonl jsx julia kotlin kt kts latex less lisp log lua make makefile
  markdown matlab md mjs ml mysql nasm nginx nix nim objc objective-c ocaml pascal patch perl pgsql php pl plaintext plsql
  postgres postgresql powershell prisma prolog properties proto protobuf ps1 puppet py py3 python python3 r racket rb
  rego rs rst ruby rust sass scala scheme scss sed sh shell shell-session sol solidity sql sqlite starlark svelte swift tcl
  terminal terraform tex text tf toml ts tsx txt typescript vb verilog vhdl vim vue wasm xml xsl yaml yml zig zsh`.split(
    /\s+/,
  ),
);

# bash completion for saseo
# The names of registered models.
_saseo_models() { saseo models list 2>/dev/null | sed -n 's/^[* ] \([^ ][^ ]*\)  .*/\1/p'; }

_saseo() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command= action= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      ingest|ask|chat|search|library|models|eval|generate|tokenize|doctor|version) [[ -z $command ]] && command=${COMP_WORDS[i]} ;;
      list|show|set|remove|verify|rebuild|stats|add|use|check|compare|report|export|draft|tune)
        [[ ( $command == library || $command == models || $command == eval ) && -z $action ]] && action=${COMP_WORDS[i]} ;;
    esac
  done

  case $prev in
    --library|-L|--kv-cache-dir) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --config|--batch|-b|--page-image|-i) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --lang|--language) mapfile -t COMPREPLY < <(compgen -W "ko en" -- "$cur"); return ;;
    --color) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$cur"); return ;;
    --mode) mapfile -t COMPREPLY < <(compgen -W "fused lexical dense" -- "$cur"); return ;;
    --model|-m) mapfile -t COMPREPLY < <(compgen -W "extractive $(_saseo_models)" -f -- "$cur"); return ;;
    --models|--judge) mapfile -t COMPREPLY < <(compgen -W "extractive extractive-sentences echo-top-section search $(_saseo_models)" -f -- "${cur##*,}"); return ;;
    --answers|-a|--report|-o|--out|--run|-r|--baseline) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --split) mapfile -t COMPREPLY < <(compgen -W "dev test" -- "$cur"); return ;;
    --speculate) mapfile -t COMPREPLY < <(compgen -W "auto off lookup" -- "$cur"); return ;;
    --draft-model) mapfile -t COMPREPLY < <(compgen -W "$(_saseo_models)" -f -- "$cur"); return ;;
    --kv) mapfile -t COMPREPLY < <(compgen -W "f16 q8_0 f32" -- "$cur"); return ;;
  esac

  local common="--help --library --lang --config --profile --color"
  local filters="--document --product --language --pages"
  local run="--model --context --kv --threads --memory --prepack --speculate --draft-model --kv-cache-dir --kv-cache-size"
  local draws="--max-tokens --temperature --top-k --top-p --min-p --repetition-penalty --presence-penalty --frequency-penalty --seed"
  local words
  case $command in
    "") words="ingest ask chat search library models eval generate tokenize doctor version --version $common" ;;
    ingest)
      if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return; fi
      words="--product --language --include --exclude --chunk-tokens --password --again --json --quiet $common" ;;
    ask) words="--json --quote --explain --page-image --dpi --password --limit --context-tokens --batch $run $draws $filters $common" ;;
    search) words="--json --explain --limit --mode --batch $filters $common" ;;
    chat) words="--context-tokens --password --no-history $run $draws $filters $common" ;;
    eval)
      local gates="--report --baseline --fail-under --fail-on-regression"
      case $action in
        "")
          if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -W "show compare report export list draft tune" -f -- "$cur"); return; fi
          words="--models --answers --run --split --context-tokens --passages --threshold --judge --profile --json $gates ${run#--model } $draws $common" ;;
        report) words="--split $gates $common" ;;
        export) words="--out $common" ;;
        draft) words="--out --count --seed $common" ;;
        tune) words="--write --trials --seed --json $common" ;;
        list) words="--json $common" ;;
        *) words="--split --json $common" ;;
      esac
      if [[ $cur != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(saseo eval list 2>/dev/null | sed -n '2,$s/^  \([^ ]*\)  .*/\1/p')" -f -- "$cur")
        return
      fi ;;
    library)
      case $action in
        "") words="list show set remove verify rebuild stats $common" ;;
        set) words="--product --title --model-number --edition --language --json $common" ;;
        *) words="--json $common" ;;
      esac ;;
    models)
      case $action in
        "") words="add list show use remove check prepack $common" ;;
        add)
          if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return; fi
          words="--name --json $common" ;;
        show|check)
          if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$(_saseo_models)" -f -- "$cur"); return; fi
          words="--json $common" ;;
        prepack)
          if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$(_saseo_models)" -f -- "$cur"); return; fi
          words="--remove --json $common" ;;
        use|remove)
          local names; names=$(_saseo_models)
          [[ $action == use ]] && names="extractive $names"
          if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$names" -- "$cur"); return; fi
          words="--json $common" ;;
        *) words="--json $common" ;;
      esac ;;
    generate) words="--raw --control $draws --stop --logprobs --json $run $common" ;;
    tokenize) words="--model --count --control --bos --json $common" ;;
    *) words="--json $common" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _saseo saseo

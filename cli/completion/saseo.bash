# bash completion for saseo
_saseo() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command= action= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      ingest|ask|chat|search|library|doctor|version) [[ -z $command ]] && command=${COMP_WORDS[i]} ;;
      list|show|set|remove|verify|rebuild|stats) [[ $command == library && -z $action ]] && action=${COMP_WORDS[i]} ;;
    esac
  done

  case $prev in
    --library|-L) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --config|--batch|-b|--page-image|-i) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --lang|--language) mapfile -t COMPREPLY < <(compgen -W "ko en" -- "$cur"); return ;;
    --color) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$cur"); return ;;
    --mode) mapfile -t COMPREPLY < <(compgen -W "fused lexical dense" -- "$cur"); return ;;
    --model|-m) mapfile -t COMPREPLY < <(compgen -W "extractive" -- "$cur"); return ;;
  esac

  local common="--help --library --lang --config --color"
  local filters="--document --product --language --pages"
  local words
  case $command in
    "") words="ingest ask chat search library doctor version --version $common" ;;
    ingest)
      if [[ $cur != -* ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return; fi
      words="--product --language --include --exclude --chunk-tokens --password --again --json --quiet $common" ;;
    ask) words="--json --quote --explain --page-image --dpi --password --limit --context-tokens --model --batch $filters $common" ;;
    search) words="--json --explain --limit --mode --batch $filters $common" ;;
    chat) words="--model --context-tokens --password --no-history $filters $common" ;;
    library)
      case $action in
        "") words="list show set remove verify rebuild stats $common" ;;
        set) words="--product --title --model-number --edition --language --json $common" ;;
        *) words="--json $common" ;;
      esac ;;
    *) words="--json $common" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _saseo saseo

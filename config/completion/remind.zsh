#compdef remind stretch-remind
# Completion of remind in zsh. To have it in every new shell, add this line to ~/.zshrc, below the line with compinit:
#
#     eval "$(remind completion zsh)"
#
# If no line has compinit yet, add this one first:
#
#     autoload -U compinit && compinit

_remind_completion() {
    local answer typed="${(j: :)words[1,CURRENT-1]} $PREFIX"
    local -a found
    for answer in "${(@f)$(_REMIND_COMPLETE=zsh _REMIND_LINE=$typed ${(Q)${words[1]/#\~/$HOME}} 2>/dev/null)}"; do
        case $answer in
            $'\t'*) _files; return ;;
            *$'\t') found+=("${${answer%$'\t'}//:/\\:}") ;;
            ?*) found+=("${${answer%%$'\t'*}//:/\\:}:${answer#*$'\t'}") ;;
        esac
    done
    _describe -V remind found
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _remind_completion "$@"
else
    compdef _remind_completion remind stretch-remind
fi

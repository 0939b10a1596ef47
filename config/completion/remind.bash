# Completion of remind in bash. To have it in every new shell, add this line to ~/.bashrc:
#
#     eval "$(remind completion bash)"
#
# or save it once where the package bash-completion looks, and again after an update of remind:
#
#     mkdir -p ~/.local/share/bash-completion/completions
#     remind completion bash | tee ~/.local/share/bash-completion/completions/{remind,stretch-remind} > /dev/null

_remind_completion() {
    local IFS=$'\n' answer word typed before
    typed=${COMP_LINE:0:COMP_POINT}
    word=${typed##*[[:space:]]}
    before=${word%"${word##*[:=]}"}  # bash takes what follows a colon or an equals sign for a word of its own
    COMPREPLY=()
    for answer in $(_REMIND_COMPLETE=bash _REMIND_LINE=$typed "${1/#\~/$HOME}" 2>/dev/null); do
        case $answer in
            $'\t'*) compopt -o default 2>/dev/null ;;
            *)
                answer=${answer%%$'\t'*}
                case $word in
                    [\"\']*) ;;
                    *) printf -v answer %q "$answer" ;;
                esac
                COMPREPLY+=("${answer#"$before"}")
                ;;
        esac
    done
}

complete -o nosort -F _remind_completion remind stretch-remind 2>/dev/null ||
    complete -F _remind_completion remind stretch-remind

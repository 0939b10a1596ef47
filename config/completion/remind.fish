# Completion of remind in fish. To have it in every new shell, save it where fish looks, and again after an update of
# remind:
#
#     mkdir -p ~/.config/fish/completions
#     remind completion fish | tee ~/.config/fish/completions/{remind,stretch-remind}.fish > /dev/null

function __remind_completion
    set -l program (commandline -opc)[1]
    set -l typed (commandline -cp | string collect)
    for answer in (env _REMIND_COMPLETE=fish _REMIND_LINE="$typed" (string replace -r '^~' $HOME -- $program) 2>/dev/null)
        if string match -q \t'*' -- $answer
            __fish_complete_path (commandline -ct)
        else
            printf '%s\n' $answer
        end
    end
end

complete --command remind --no-files --keep-order --arguments '(__remind_completion)'
complete --command stretch-remind --no-files --keep-order --arguments '(__remind_completion)'

# Prints device, used % and what to do when /home is used more than 90 %; nothing where /home is
# not a separate mount.
LC_ALL=C df -P /home 2>/dev/null |
    awk 'NR == 2 && $6 == "/home" { sub("%", "", $5); if ($5 > 90) print $1 " " $5 "% delete files" }'
exit 0

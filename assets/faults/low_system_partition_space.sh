# Prints device, used % and what to do when / is used more than 90 %.
LC_ALL=C df -P / | awk 'NR == 2 { sub("%", "", $5); if ($5 > 90) print $1 " " $5 "% delete files" }'

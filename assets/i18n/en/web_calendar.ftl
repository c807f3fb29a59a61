# Administration pages: schedules, timelines.

## Schedules
nav-schedules = Schedules
schedules-empty = There are no schedules yet.
schedules-search = Name or description
schedule-new = New schedule
schedule-delay = { $count ->
    [one] { $delay }: { $names }
   *[other] { $delay }, over { $count } days: { $names }
}
schedule-delays-text = Business days from the start date of a deployment: Saturdays and Sundays do not count.
schedule-without-delays = It has no delays: it gives nothing to anybody.
schedule-add-delay = Add a delay
schedule-change-delay = Change the delay
schedule-take-delay = Delete
schedule-delete-question = Delete the schedule { $name }?
loss-schedule-of = the schedule of the deployment { $name }, which only its included attributes give from then on
field-delays = Delays
field-delay = Delay
field-duration = Duration
field-schedule = Schedule
hint-delay = Business days after the start date, 0 or more.
hint-duration = Business days over which its computers are spread, each on a day of its own; 1 gives it to all at once.
hint-delay-attributes = One in a line. It is convenient to end with SET-ALL SYSTEMS.
hint-schedule = It also reaches the computers of its delays, each on its day, whatever is included.
deployment-no-schedule = None
thing-schedule = schedule
thing-delay = delay

## Timelines
field-source = Source
field-timeline = Timeline
source-internal = Internal
source-external = External
timeline-active = Active
timeline-finished = Finished
timeline-progress = Progress of the schedule
timeline-days = { $elapsed }/{ $total } days (from { $begin } to { $end })
field-progress = Progress
timeline-reached = reached
timeline-to-come = to come
timeline-provided = Provided computers
curve-planned = Planned
curve-actual = Synchronised since
curve-description = From { $first } to { $last }, up to { $count } computers. The table has the numbers.
schedule-statistics = Provided computers by number of days
schedule-statistics-text = How many productive computers of a project it has reached after so many business days.
schedule-statistics-nobody = It reaches no computer of this project.
schedule-choose-project = Choose a project to see them.
field-days = Days
alert-active-schedules = Deployments with active schedule
alert-finished-schedules = Deployments with finished schedule

## Moves, regeneration, clean-up
deployments-regenerating = Being published again
alert-regenerations = Repositories being generated
audit-regenerate = To be published again
done-regenerating = { $count ->
    [one] { $count } repository is being published again.
   *[other] { $count } repositories are being published again.
}
move-packages = Move packages
move-to = To the deployment
move-packages-text = File names, one in a line. What you take out of the list stays where it is.
move-disable = Disable this deployment
move-disable-text = It stays as history and reaches nobody.
move-nowhere = There is no other deployment of this project with packages of the site.
done-packages-moved = { $count ->
    [one] { $count } package was moved here.
   *[other] { $count } packages were moved here.
}
orphans-clean-up = Clean up
orphans-none = Every package is in a deployment.
orphans-text = These packages are in no deployment. Cleaning up deletes their records; without the files below, they can be registered again.
orphans-with-files = Remove the files too
orphans-with-files-text = They are no longer in their stores. Computers that have them installed keep them.
done-orphans-removed = { $count ->
    [one] { $count } package was removed.
   *[other] { $count } packages were removed.
}
field-freed = Free after removing the files

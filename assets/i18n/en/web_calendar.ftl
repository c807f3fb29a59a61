# Administration pages: schedules, timelines.

## Schedules
nav-schedules = Schedules
schedules-empty = There are no schedules.
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

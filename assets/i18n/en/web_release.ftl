# Administration pages: deployments, packages information.

ui-enable = Enable
ui-disable = Disable
lookup-open = Search and tick
lookup-joins = What is ticked joins the list when you save or search again.

## Deployments
deployments-empty = There are no deployments yet. A deployment gives packages to the computers that have its attributes.
deployments-search = Name or package file
deployment-new = New deployment
deployment-later = not yet
deployment-choose-project = Choose a project
deployment-whom = For whom
deployment-defaults = Default packages of tags
deployment-defaults-text = These act only when tags are set on a computer.
deployment-summary = Summary
deployment-no-packages = It has no packages and orders none.
deployment-more-packages = { $count ->
    [one] … and { $count } more
   *[other] … and { $count } more
}
deployment-repository = Repository
deployment-repository-text = What the client writes for the package manager:
deployment-who = Who gets it
deployment-reaches = { $count ->
    [0] No computer has it available today.
    [one] { $count } computer has it available today.
   *[other] { $count } computers have it available today.
}
deployment-reaches-later = These match its attributes and get it once it is enabled and its day has come:
deployment-reaches-nobody = No computer in use matches its attributes.
deployments-delete-question = { $count ->
    [one] Delete this deployment?
   *[other] Delete these { $count } deployments?
}
deployments-publish = Publish again
deployment-copy = Copy
loss-repository = { $count ->
    [0] { $name } with its repository; no computer has it today
    [one] { $name } with its repository; { $count } computer has it today
   *[other] { $name } with its repository; { $count } computers have it today
}
field-enabled = Enabled
field-start-date = Start date
field-included-attributes = Included attributes
field-excluded-attributes = Excluded attributes
field-available-packages = Available packages
field-packages-to-install = Packages to install
field-packages-to-remove = Packages to remove
field-default-preincluded-packages = Default pre-included packages
field-default-included-packages = Default included packages
field-default-excluded-packages = Default excluded packages
field-computers = Computers
field-repository = Repository
hint-deployment-name = Its repository takes its name from it.
hint-deployment-project = It cannot change once saved.
hint-deployment-enabled = A disabled deployment reaches nobody.
hint-included-attributes = One in a line, such as SET-ALL SYSTEMS or NET-192.168.1.0/24. A computer that has one of them is included.
hint-excluded-attributes = One in a line. A computer that has one of them is out, whatever else it has.
hint-available-packages = File names, one in a line. Being available upgrades what is installed, and installs nothing.
hint-packages-to-install = Names, with or without version. Installed at each synchronisation, whatever the user did.
hint-packages-to-remove = Names. Removed at each synchronisation.
thing-repository = repository
done-enabled = { $count ->
    [one] { $count } deployment was enabled.
   *[other] { $count } deployments were enabled.
}
done-disabled = { $count ->
    [one] { $count } deployment was disabled.
   *[other] { $count } deployments were disabled.
}
done-deployments-deleted = { $count ->
    [one] { $count } deployment was deleted.
   *[other] { $count } deployments were deleted.
}
audit-publish = Published again

## Packages information
folder-empty = This folder is empty.

## What is not there
thing-formula = formula
thing-attribute = attribute
thing-fault-definition = fault definition
thing-pattern = pattern

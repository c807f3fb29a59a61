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

## External deployments
deployment-new-external = New external deployment
deployment-source = Source
deployment-source-text = A public repository, which the computers reach through a cache of this server: each file is fetched when it is first asked for, and kept.
deployment-expire = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
deployment-cache = Cache
deployment-empty-cache = Empty the cache
deployment-empty-cache-question = Empty the cache of { $name }?
loss-cache = { $count ->
    [0] nothing: the cache is empty
    [one] { $count } file, which is fetched anew when somebody asks for it; what was frozen may be another one then
   *[other] { $count } files, which are fetched anew when somebody asks for them; what was frozen may be another one then
}
done-cache-emptied = The cache of { $name } was emptied.
audit-empty-cache = Cache emptied
field-kept-files = Files
field-base-url = Base URL
field-suite = Suite
field-components = Components
field-options = Options
field-frozen = Frozen
field-expire = Expires after (minutes)
hint-base-url = Where the public repository is, such as http://archive.ubuntu.com/ubuntu. Changing it empties the cache.
hint-suite = As in a source line: bookworm-security for apt, 9 for yum.
hint-components = Between blanks: main contrib for apt, BaseOS/x86_64/os AppStream/x86_64/os for yum.
hint-options = As in a source line: [arch=amd64] for apt; gpgcheck=1 gpgkey=file:///etc/pki/rpm-gpg/KEY for yum and zypper.
hint-frozen = What was fetched once is never fetched again: the repository stays as it was first seen.
hint-expire = Unless it is frozen: after that time, what is no package is fetched again. 0 fetches it each time.

## Packages information
folder-empty = This folder is empty.

## What is not there
thing-formula = formula
thing-attribute = attribute
thing-fault-definition = fault definition
thing-pattern = pattern

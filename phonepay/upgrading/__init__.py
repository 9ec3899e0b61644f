"""One command to the next version and one back: versions beside each other, and a link that says which one counts.

    /opt/phonepay/versions/0.1.0/    an environment of its own for each version
    /opt/phonepay/versions/0.2.0/
    /opt/phonepay/current            -> versions/0.2.0; what is started is current/bin/phonepay
    /opt/phonepay/previous           -> versions/0.1.0; where `phonepay rollback` goes

Standard library only: the first installation runs this from inside the wheel, before anything is installed.

* `layout`: the folder above
* `wheels`: what a wheel says of itself, and where to get one
* `environments`: an environment with a wheel and exactly its locked requirements
* `served`: the `phonepay serve`s of this machine, and how they are asked to become another version
* `steps`: upgrade and rollback, in order, with the way back
"""

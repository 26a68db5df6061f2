"""Words that say what a function does, in the form that a dictionary lists."""

VERBS = frozenset(
    """
    accept accumulate acquire adapt add adjust aggregate align allocate analyze append apply arrange
    assemble assert assign attach authenticate average begin bind block broadcast build bump cache
    calculate call cancel canonicalize capture cast center change check choose classify clean clear
    clip clone close collapse collect combine compare compile complete compose compress compute
    concatenate configure connect construct consume convert copy count crawl create crop cut
    deactivate decide decode decompress decorate decrement decrypt deduplicate define delegate
    delete derive describe deserialize detach detect determine disable discard disconnect discover
    dispatch display distribute divide do download draw drop dump emit enable encode encrypt ensure
    enumerate escape estimate evaluate examine exchange exclude execute expand expect explode export
    expose extend extract factor fetch fill filter find fire fit flatten flip flush fold follow
    force format forward free freeze gather generate get give group guess handle hash hide highlight
    identify ignore import include increase increment index infer inform inherit inject insert
    inspect install instantiate integrate interpolate intersect invalidate invert invoke issue
    iterate join jump keep launch limit link list listen load locate lock log look lookup lower map
    mark mask match measure merge modify monitor mount move multiply mutate negate normalize notify
    observe obtain open optimize order output overlay override pad paginate paint parse partition
    pass patch perform pick place plot poll pop populate predict prepare prepend preprocess present
    print process produce project propagate prune publish pull purge push put query queue quote
    raise randomize rank read rebuild receive recompute reconstruct record recover redirect reduce
    refine refresh register reject release reload remove rename render reorder repair repeat replace
    report request require reset reshape resize resolve restart restore restrict resume retrieve
    retry return reverse revert revoke rewrite rotate round route run sample sanitize save scale
    scan schedule scrape search select send separate serialize serve set setup shift show shuffle
    shut simplify simulate skip slice solve sort spawn split stack standardize start step stop store
    stream strip submit subtract sum swap switch synchronize take tell terminate test toggle
    tokenize track train transfer transform translate transpose traverse trigger trim truncate try
    turn unescape uninstall unlock unpack unregister unwrap update upgrade upload use validate
    verify visit wait walk warn watch wrap write yield
    """.split()  # noqa: SIM905
)

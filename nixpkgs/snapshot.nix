# What does nixpkgs' Python set hold? Evaluated once for all targets by `coset snapshot`:
#   nix-instantiate --eval --strict --json snapshot.nix --argstr nixpkgs /path --argstr request '{"targets": [...]}'
# Attributes that fail are caught and named; aliases do not exist here, and broken packages are named, not described.
{ nixpkgs, request }:

let
  inherit (builtins)
    addErrorContext attrNames concatMap deepSeq elem fromJSON isAttrs isBool isList isString listToAttrs mapAttrs
    toString tryEval
    ;

  asked = fromJSON request; # { targets = [ { system, set } ]; skip = [ attribute ]; }

  # as nixpkgs' CI: what a user may allow or overlay must not change the answer
  import' = system: import (/. + nixpkgs) {
    inherit system;
    overlays = [ ];
    crossOverlays = [ ];
    config = {
      allowAliases = false;
      allowBroken = true;
      allowUnfree = true;
      allowUnsupportedSystem = true;
      allowVariants = false;
      allowInsecurePredicate = _: true;
      checkMeta = false;
    };
  };

  isPackage = value: isAttrs value && (value.type or "") == "derivation";

  text = value: if isString value then value else null;
  texts = value: if isList value then map toString value else if isString value then [ value ] else [ ];

  # a package in a list of dependencies: its name and version say which attribute it is
  reference = value:
    if isPackage value && value ? pythonModule
    then [ { pname = text (value.pname or value.name or null); version = text (value.version or null); } ]
    else [ ];
  references = value: if isList value then concatMap reference value else [ ];

  # lists of names, or true for all of them
  names = value: if isBool value then value else texts value;

  url = value:
    if ! isAttrs value then null
    else if value ? urls && isList value.urls && value.urls != [ ] then text (builtins.head value.urls)
    else text (value.url or null);

  # an address that cannot be told is no reason to leave the package out
  first = value:
    let tried = tryEval (text (if isList value && value != [ ] then builtins.head value else value)); in
    if tried.success then tried.value else null;

  people = value: concatMap (one: if isAttrs one then [ (text (one.github or one.name or null)) ] else [ ])
    (if isList value then value else [ ]);

  describe = value: {
    pname = text (value.pname or null);
    version = text (value.version or null);
    pyproject = if isBool (value.pyproject or null) then value.pyproject else null;
    format = text (value.format or null);
    dependencies = references (value.dependencies or [ ]) ++ references (value.propagatedBuildInputs or [ ]);
    optional = let extras = value.optional-dependencies or { }; in
      if isAttrs extras then mapAttrs (_: references) extras else { };
    build = references (value.build-system or [ ]);
    relaxed = names (value.pythonRelaxDeps or [ ]);
    removed = names (value.pythonRemoveDeps or [ ]);
    imports = texts (value.pythonImportsCheck or [ ]);
    unchecked = (value.dontCheckRuntimeDeps or false) == true;
    skipBulkUpdate = (value.skipBulkUpdate or false) == true;
    hash = text (value.src.outputHash or null);
    url = url (value.src or null);
    position = text (value.meta.position or null);
    homepage = first (value.meta.homepage or null);
    changelog = first (value.meta.changelog or null);
    maintainers = people (value.meta.nonTeamMaintainers or value.meta.maintainers or [ ]);
  };

  # { broken = true; } or { absent = true; } (null on this interpreter) or { other = true; } (no Python package)
  read = value:
    if value == null then { absent = true; }
    else if ! isPackage value || ! (value ? pythonModule) then { other = true; }
    else if (value.meta.broken or false) == true then { broken = true; inherit (describe value) pname version; }
    else { package = describe value; };

  attribute = set: where: name:
    let
      found = read set.${name};
      tried = tryEval (addErrorContext "while coset reads '${name}' ${where}" (deepSeq found found));
    in
    if tried.success then tried.value else { failed = true; };

  target = one:
    let
      pkgs = import' one.system;
      set = pkgs.${one.set};
      where = "of '${one.set}' on '${one.system}'";
      wanted = builtins.filter (name: ! elem name asked.skip) (attrNames set);
    in
    {
      inherit (one) system set;
      attributes =
        if pkgs ? ${one.set} then listToAttrs (map (name: { inherit name; value = attribute set where name; }) wanted) else null;
      maintainers = mapAttrs (_: one: text (one.github or one.name or null)) (pkgs.lib.maintainers or { });
    };
in
{ format = "coset snapshot 1"; targets = map target asked.targets; }

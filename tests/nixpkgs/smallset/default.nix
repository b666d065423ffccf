# A nixpkgs in one file: what package files of the Python set ask for, with the arguments and the passthru of the real
# `buildPythonPackage`. Nothing here is built; derivations are plain sets, so that no store is needed.
{ system ? "x86_64-linux", config ? { }, overlays ? [ ], crossOverlays ? [ ] }:

let
  inherit (builtins)
    attrNames attrValues compareVersions concatLists concatMap filter foldl' functionArgs getAttr intersectAttrs
    isAttrs isFunction isList isString listToAttrs mapAttrs match removeAttrs unsafeGetAttrPos
    ;

  lib = {
    inherit (builtins) attrNames attrValues concatLists concatMap filter removeAttrs;
    optional = condition: value: if condition then [ value ] else [ ];
    optionals = condition: values: if condition then values else [ ];
    optionalString = condition: text: if condition then text else "";
    optionalAttrs = condition: set: if condition then set else { };
    flatten = value: if isList value then concatMap lib.flatten value else [ value ];
    fix = f: let x = f x; in x;
    extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
    composeManyExtensions = foldl' lib.composeExtensions (_: _: { });
    composeExtensions = f: g: final: prev: let one = f final prev; in one // g final (prev // one);
    versionOlder = version: other: compareVersions other version == 1;
    versionAtLeast = version: other: ! lib.versionOlder version other;
    recurseIntoAttrs = set: set // { recurseForDerivations = true; };
    warn = _: value: value;
    maintainers = listToAttrs (map (name: { inherit name; value = { inherit name; github = "gh-${name}"; }; }) [
      "alice" "bob" "carol"
    ]);
    teams = { };
    licenses = { mit = { spdxId = "MIT"; }; asl20 = { spdxId = "Apache-2.0"; }; };
    getLicenseFromSpdxId = id: { spdxId = id; };
  };

  platform = {
    inherit system;
    isDarwin = match ".*-darwin" system != null;
    isLinux = match ".*-linux" system != null;
    isx86_64 = match "x86_64-.*" system != null;
    isAarch64 = match "aarch64-.*" system != null;
  };

  derivation' = attrs: {
    type = "derivation";
    name = "${attrs.pname or "unnamed"}-${attrs.version or "0"}";
    outPath = "/nix/store/none-${attrs.pname or "unnamed"}-${attrs.version or "0"}";
    meta = { };
  } // attrs // (attrs.passthru or { });

  # what `f` makes of its arguments, with an `override` that calls it again
  makeOverridable = f: args: let made = f args; in
    if isAttrs made
    then made // { override = more: makeOverridable f (args // (if isFunction more then more args else more)); }
    else made;

  callPackageWith = scope: file: given:
    let f = if isFunction file then file else import file; in
    makeOverridable f (intersectAttrs (functionArgs f) scope // given);

  fetcher = name: url: args: derivation' ({
    pname = name;
    outputHash = args.hash or args.sha256 or null;
    url = url args;
    rev = args.rev or args.tag or null;
  } // args);

  forge = name: fetcher name (args: "https://git.example/${args.owner}/${args.repo}.tar.gz");

  # the arguments of the real one; another is an error
  fetchPypi =
    { pname, version, format ? "setuptools", extension ? "tar.gz", hash ? "", sha256 ? ""
    , dist ? "py2.py3", python ? "py2.py3", abi ? "none", platform ? "any"
    }@args:
    let
      file =
        if format == "wheel" then "${pname}-${version}-${python}-${abi}-${platform}.whl"
        else if format == "setuptools" then "${pname}-${version}.${extension}"
        else throw "unsupported kind ${format}";
    in
    fetcher "fetchPypi" (_: null) args // {
      urls = [ "mirror://pypi/${builtins.substring 0 1 pname}/${pname}/${file}" ];
    };

  fetchers = mapAttrs (_: makeOverridable) {
    inherit fetchPypi;
    fetchurl = fetcher "fetchurl" (args: args.url);
    fetchFromGitHub = forge "fetchFromGitHub";
    fetchFromGitLab = forge "fetchFromGitLab";
    fetchFromCodeberg = forge "fetchFromCodeberg";
  };

  python = version: derivation' { pname = "python3"; inherit version; pythonVersion = version; isPy3k = true; };

  setFor = interpreter: extensions:
    let
      base = self: {
        inherit lib pkgs config;
        inherit (pkgs) stdenv;
        inherit (fetchers) fetchPypi;
        python = interpreter;
        isPyPy = false;
        isPy3k = true;
        pythonOlder = lib.versionOlder interpreter.pythonVersion;
        pythonAtLeast = lib.versionAtLeast interpreter.pythonVersion;
        callPackage = callPackageWith (pkgs // self);
        toPythonModule = package: package // { pythonModule = interpreter; };
        toPythonApplication = package: package // { pythonModule = false; };
        buildPythonPackage = buildPythonPackage interpreter;
        buildPythonApplication = args: buildPythonPackage interpreter args // { pythonModule = false; };
      };
      declared = import ./pkgs/top-level/python-packages.nix;
    in
    lib.fix (lib.extends extensions (lib.extends declared base));

  buildPythonPackage = interpreter: given:
    let
      attrs = if isFunction given then given (attrs // { passthru = exposed; finalPackage = made; }) else given;
      name = attrs.pname or attrs.name or "unnamed";
      exposed = {
        disabled = attrs.disabled or false;
        pyproject = attrs.pyproject or null;
        build-system = attrs.build-system or [ ];
        dependencies = attrs.dependencies or [ ];
        optional-dependencies = attrs.optional-dependencies or { };
        updateScript = [ ];
      } // (attrs.passthru or { });
      place = unsafeGetAttrPos (if attrs ? version then "version" else "pname") attrs;
      made = derivation' (
        removeAttrs attrs [ "dependencies" "build-system" "optional-dependencies" "nativeCheckInputs" "disabled" "pyproject" ]
        // {
          passthru = exposed;
          pythonModule = interpreter;
          name = "python${interpreter.pythonVersion}-${name}-${attrs.version or "0"}";
          propagatedBuildInputs =
            (attrs.propagatedBuildInputs or [ ]) ++ (attrs.dependencies or [ ]) ++ [ interpreter ];
          meta = { position = "${place.file}:${toString place.line}"; broken = false; } // (attrs.meta or { });
        }
      ) // {
        overridePythonAttrs = change: buildPythonPackage interpreter
          (attrs // (if isFunction change then change attrs else change));
      };
    in
    if attrs.disabled or false then throw "${name} not supported for interpreter python${interpreter.pythonVersion}"
    else if ! (attrs ? pyproject || attrs ? format) then throw "${name} does not configure a `format`"
    else made;

  pkgs = lib.fix (foldl' (f: overlay: lib.extends overlay f) (final: {
    inherit lib config system;
    inherit (fetchers) fetchPypi fetchurl fetchFromGitHub fetchFromGitLab fetchFromCodeberg;
    stdenv = {
      hostPlatform = platform;
      buildPlatform = platform;
      inherit (platform) isDarwin isLinux;
      mkDerivation = args: derivation' (if isFunction args then lib.fix args else args);
    };
    callPackage = callPackageWith final;
    zlib = derivation' { pname = "zlib"; version = "1.3"; };
    elsewhere = derivation' { pname = "elsewhere"; version = "1"; src = derivation' { pname = "source"; outputHash = null; }; };
    native = makeOverridable ({ python3Packages ? { } }: derivation' {
      pname = "native";
      version = "1";
      passthru.python = derivation' { pname = "native"; version = "1"; pythonModule = python "3.13"; };
    }) { };
    pythonPackagesExtensions = [ ];
    python313Packages = setFor (python "3.13") (lib.composeManyExtensions final.pythonPackagesExtensions);
    python314Packages = setFor (python "3.14") (lib.composeManyExtensions final.pythonPackagesExtensions);
    python3Packages = final.python313Packages;
  }) overlays);
in
pkgs

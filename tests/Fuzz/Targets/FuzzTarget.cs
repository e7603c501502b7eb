namespace SimplexActors.Fuzz.Targets;

/// <summary>A parser that meets bytes of a peer. Whatever the bytes are, it must not throw.</summary>
/// <param name="name">Names it on the command line.</param>
/// <param name="recordings">Good inputs to start from.</param>
internal abstract class FuzzTarget(string name, IReadOnlyList<byte[]> recordings)
{
    private const int LowestVersion = 6;
    private const int VersionCount = 16;

    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new BlockTarget(),
        new TransmissionTarget(),
        new ClientHelloTarget(),
        new ServerHelloTarget(),
        new ServiceResponseTarget(),
        new SignedKeyTarget(),
        new CommandTarget(),
        new ResponseTarget(),
        new MessageBodyTarget(),
    ];

    /// <summary>Names it on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>Good inputs to start from.</summary>
    public IReadOnlyList<byte[]> Recordings { get; } = recordings;

    /// <summary>Parses <paramref name="input"/>, which it may change.</summary>
    public abstract void Run(byte[] input);

    /// <summary>The version that the first byte of an input says, one beyond the known ones included, and the rest.</summary>
    protected static (ushort Version, ReadOnlyMemory<byte> Bytes) SplitVersion(byte[] input) => input.Length == 0
        ? ((ushort)LowestVersion, default)
        : ((ushort)(LowestVersion + ((input[0] + VersionCount - LowestVersion) % VersionCount)), input.AsMemory(1));
}
